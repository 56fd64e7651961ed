/** Channels and select: Go's hchan and sudog, on Java threads of any kind. */
package dev.raddle.internal.chan;
