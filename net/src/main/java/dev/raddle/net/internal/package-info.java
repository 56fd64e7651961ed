/**
 * Sockets that goroutines wait for: the protocol of readiness ({@link
 * dev.raddle.net.internal.PollSide}), the descriptor that uses it ({@link
 * dev.raddle.net.internal.NetFd}), and two backends: epoll polled by the scheduler's own threads,
 * and the JDK's selector on a thread of its own.
 */
@NullMarked
package dev.raddle.net.internal;

import org.jspecify.annotations.NullMarked;
