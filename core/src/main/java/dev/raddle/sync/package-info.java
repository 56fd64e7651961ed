/**
 * Go's {@code sync} and {@code golang.org/x/sync}: locks, conditions and groups for goroutines,
 * virtual threads and platform threads alike. Go's atomics and concurrent map are the JDK's: {@link
 * java.util.concurrent.atomic} and {@link java.util.concurrent.ConcurrentHashMap}.
 */
package dev.raddle.sync;
