/**
 * Adapters for what the JDK gives (clock, randomness, parking) and a spin lock. Uses nothing of
 * Raddle.
 */
package dev.raddle.internal.util;
