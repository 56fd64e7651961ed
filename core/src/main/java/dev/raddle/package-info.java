/**
 * What a newcomer types first: {@link dev.raddle.Go} with Go's verbs, and channels.
 *
 * <p>Two lines make a program read like Go: {@code import static dev.raddle.Go.*;} and {@code
 * import dev.raddle.*;}.
 */
package dev.raddle;
