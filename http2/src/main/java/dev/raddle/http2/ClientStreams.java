package dev.raddle.http2;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a client's connection: their numbers, how many there may be, which are there. A
 * place is reserved first; a number is given with the head, so that numbers and heads have one
 * order. Guarded by the session's lock.
 */
final class ClientStreams {
  private static final int FIRST_MAX = 100; // Go's, until the server says something else
  private static final int DEFAULT_MAX = 1000; // Go's, if it does not

  private final Map<Integer, ClientStreamState> open = new HashMap<>();
  private long max = FIRST_MAX;
  private int nextId = 1;
  private int reserved;

  @Nullable ClientStreamState get(int id) {
    return open.get(id);
  }

  /** How many there are, those included that have no number yet. */
  int size() {
    return open.size() + reserved;
  }

  /** The server has allowed so many. */
  void setMax(int unsigned) {
    max = Integer.toUnsignedLong(unsigned);
  }

  /** The server's first settings do not limit them. */
  void setDefaultMax() {
    max = DEFAULT_MAX;
  }

  boolean isFull() {
    return size() >= max;
  }

  /** Whether there is no number for another one. */
  boolean areUsedUp() {
    return nextId > Integer.MAX_VALUE - 2 * (reserved + 2);
  }

  void reserve() {
    reserved++;
  }

  void unreserve() {
    reserved--;
  }

  /** Gives a reserved stream its number. */
  int add(ClientStreamState stream) {
    int id = nextId;
    nextId += 2;
    reserved--;
    open.put(id, stream);
    return id;
  }

  void remove(int id) {
    open.remove(id);
  }

  /** Whether a stream is not the first one of the connection. */
  static boolean isReused(int id) {
    return id > 1;
  }

  /** Whether no request has had this number. */
  boolean isIdle(int id) {
    return id % 2 == 0 || id >= nextId;
  }

  /** Moves the windows of all; says whether none is too large now. */
  boolean moveSendWindows(long bytes) {
    for (ClientStreamState stream : open.values()) {
      if (!stream.moveSendWindow(bytes)) {
        return false;
      }
    }
    return true;
  }

  /** Windows or queue may have room. */
  void signal() {
    open.values().forEach(ClientStreamState::signal);
  }

  /** The server looks at none beyond the last one: those may be sent to another. */
  void skip(int lastId, @Nullable IOException ofFirst) {
    for (ClientStreamState stream : all()) {
      if (stream.id() > lastId) {
        if (stream.id() == 1 && ofFirst != null) {
          stream.lose(ofFirst); // Go's: another try would do no better
        } else {
          stream.skip("http2: Transport received Server's graceful shutdown GOAWAY");
        }
      }
    }
  }

  /** Nothing comes and nothing goes any more. */
  void abandon(IOException why) {
    all().forEach(stream -> stream.lose(why));
  }

  /** They leave the table when they end. */
  private List<ClientStreamState> all() {
    return new ArrayList<>(open.values());
  }
}
