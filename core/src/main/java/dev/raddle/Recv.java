package dev.raddle;

import org.jspecify.annotations.Nullable;

/**
 * What a receive led to: Go's {@code v, ok := <-ch}.
 *
 * @param value the element; null when {@code ok} is false
 * @param ok whether an element was received; false when the channel is closed and drained
 * @param <T> type of the elements
 */
public record Recv<T extends @Nullable Object>(@Nullable T value, boolean ok) {}
