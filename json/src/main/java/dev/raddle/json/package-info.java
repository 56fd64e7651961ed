/**
 * JSON in requests and responses: what Go does by {@code json.NewDecoder(r.Body)} and {@code
 * json.NewEncoder(w)}, by Jackson.
 *
 * <p>{@link dev.raddle.json.Json} is strict with what it reads, and says what it expected and what
 * it found.
 */
@NullMarked
package dev.raddle.json;

import org.jspecify.annotations.NullMarked;
