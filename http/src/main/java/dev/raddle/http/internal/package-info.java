/**
 * The wire: reading requests, and the small tables and codecs that responses need. Knows bytes and
 * text, and nothing of the public types.
 */
@NullMarked
package dev.raddle.http.internal;

import org.jspecify.annotations.NullMarked;
