package dev.raddle.http2;

import dev.raddle.http.spi.ServerLink;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/*
 * Tells the server whether a connection is in use.
 *
 * Roles       The reader: greeted, report, over. The goroutines of streams: report. The writer: over.
 * Order       The state is looked at and told under one lock, this object's: what is told last is
 *             true last. The session's lock is taken inside of it, never the other way round.
 * Short use   A request may be over before anybody reports it. So the count of those that have begun is
 *             looked at, too, and first: a use that is told at once is not told again.
 * Invariants  Nothing is told after over(): the link belongs to others then, or the connection has a last
 *             second, which a report would take back.
 */
/** Tells the server whether a connection is in use, in order. */
final class Activity {
  private final ServerLink link;
  private final IntSupplier begun; // takes the session's lock, as the next
  private final BooleanSupplier isActive;
  private int toldOf; // requests; guarded by this, as the next
  private boolean toldActive;
  private boolean over;

  Activity(ServerLink link, IntSupplier begun, BooleanSupplier isActive) {
    this.link = link;
    this.begun = begun;
    this.isActive = isActive;
  }

  /** The client speaks the protocol: from now on the connection may be idle. */
  synchronized void greeted() {
    if (over) {
      return;
    }
    link.greeted();
    if (!toldActive) {
      link.idle();
    }
  }

  /** Something may have changed. */
  synchronized void report() {
    int now = begun.getAsInt();
    boolean active = isActive.getAsBoolean();
    if (over) {
      return;
    }
    if (!toldActive && (active || now != toldOf)) {
      toldActive = true;
      link.active();
    }
    toldOf = now;
    if (toldActive && !active) {
      toldActive = false;
      link.idle();
    }
  }

  synchronized void over() {
    over = true;
  }
}
