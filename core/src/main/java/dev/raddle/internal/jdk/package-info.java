/**
 * Every use of JDK internals: virtual threads on our own scheduler, and carriers that are told of
 * blocking calls. Probed once; when closed, the rest of Raddle runs on the JDK's scheduler.
 */
package dev.raddle.internal.jdk;
