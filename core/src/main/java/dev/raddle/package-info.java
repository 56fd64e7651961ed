/** What a newcomer types first. */
package dev.raddle;
