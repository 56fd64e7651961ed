/**
 * Channels as reactive streams, streams as channels: {@link java.util.concurrent.Flow} and back.
 */
package dev.raddle.flow;
