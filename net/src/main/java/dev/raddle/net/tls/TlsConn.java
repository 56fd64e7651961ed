package dev.raddle.net.tls;

import dev.raddle.Go;
import dev.raddle.Timer;
import dev.raddle.context.CanceledException;
import dev.raddle.context.Context;
import dev.raddle.net.Addr;
import dev.raddle.net.Conn;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * TLS over a connection: Go's {@code tls.Conn}. The first read or write makes the handshake, if
 * {@link #handshake()} has not; under the connection's deadlines, and once: what it fails with, all
 * later calls fail with. While it waits between records a connection holds no buffer.
 *
 * <p><b>Deadlines.</b> After a write has failed at its deadline, or else, no more can be sent: as
 * in Go the record that was sent in part cannot be mended. Reads can go on after a deadline.
 *
 * <p><b>Closing.</b> {@link #closeWrite} tells the other side by an alert and leaves the connection
 * below open; {@link #close} sends the alert, too, if nobody is writing, for at most 5 s. A peer
 * that ends the connection between two records without an alert is taken as having finished, as in
 * Go; within a record it is an {@link java.io.EOFException}. In TLS 1.2 the JDK answers the alert
 * of the other side by its own: there is no half-closed connection, a write fails then.
 *
 * <p><b>Renegotiation</b> (TLS 1.2) is refused on both sides, as in Go: reads fail.
 */
public final class TlsConn implements Conn {
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5); // Go's

  private final Conn raw;
  private TlsConfig config; // guarded by handshaking, and so is the engine: a hello may change both
  private SSLEngine engine;
  private final String askedFor; // by a client
  private final Outbound outbound;
  private final Inbound inbound;
  private final ReentrantLock handshaking = new ReentrantLock();
  private final AtomicBoolean closed = new AtomicBoolean();
  private @Nullable IOException failure; // guarded by handshaking
  private volatile @Nullable ConnectionState state;

  TlsConn(Conn raw, TlsConfig config, SSLEngine engine, String askedFor) {
    this.raw = raw;
    this.config = config;
    this.engine = engine;
    this.askedFor = askedFor;
    outbound = new Outbound(raw, engine);
    inbound = new Inbound(raw, engine, outbound);
  }

  /**
   * Makes the handshake, unless it is made; waits if another goroutine makes it. Go: {@code
   * Handshake}.
   *
   * @throws IOException if the connection fails, or at one of its deadlines; a {@link SSLException}
   *     if the two sides do not agree, or the certificate is not to be believed. The connection is
   *     of no use then, and the caller closes it
   */
  public void handshake() throws IOException {
    if (state != null) {
      return;
    }
    handshaking.lock();
    try {
      if (failure != null) {
        throw new IOException(failure.getMessage(), failure);
      }
      if (state == null) {
        ConnectionState agreed = shake();
        config.verify(agreed);
        inbound.negotiated();
        state = agreed;
      }
    } catch (IOException e) {
      if (failure == null) {
        failure = e;
      }
      throw e;
    } finally {
      if (state == null && failure == null) { // by the exception of somebody who was asked
        failure = new SSLException("tls: handshake failed before");
      }
      handshaking.unlock();
    }
  }

  /**
   * As {@link #handshake()}, as long as the context lasts: when it ends before, the connection is
   * closed. Go: {@code HandshakeContext}.
   *
   * @param context its end ends the handshake
   * @throws IOException as there; with the context's error as its cause when that has ended
   */
  public void handshake(Context context) throws IOException {
    var watch = context.afterFunc(raw::close);
    try {
      handshake();
    } catch (IOException e) {
      CanceledException ended = context.err();
      if (ended != null) {
        throw new IOException("tls: handshake: " + ended.getMessage(), ended);
      }
      throw e;
    } finally {
      watch.stop();
    }
  }

  private ConnectionState shake() throws IOException {
    String name = engine.getUseClientMode() ? askedFor : hear();
    Handshakes handshakes = config.handshakes();
    handshakes.begin(engine, name);
    boolean full;
    try {
      exchange();
    } finally {
      full = handshakes.end(engine);
    }
    return agreed(!full);
  }

  /** A server listens first if what it does depends on it. Returns the name, if it is known. */
  private String hear() throws IOException {
    ClientHelloInfo hello = config.readsHello() ? inbound.hello() : null;
    ConfigSource source = config.configSource();
    if (hello == null) {
      if (source != null) {
        exchange(); // it says what is wrong, better than we could
        throw new SSLException("tls: expected a ClientHello first, found something else");
      }
      return "";
    }
    if (source != null) {
      choose(source, hello);
    }
    return hello.serverName();
  }

  private void choose(ConfigSource source, ClientHelloInfo hello) throws IOException {
    TlsConfig chosen;
    boolean done = false;
    try {
      chosen = source.get(hello);
      done = true;
    } finally {
      if (!done) {
        refuse();
      }
    }
    if (chosen != null && chosen != config) {
      config = chosen;
      engine = chosen.server();
      inbound.engine(engine);
      outbound.engine(engine);
    }
  }

  private void refuse() {
    try {
      outbound.refuse();
    } catch (IOException e) {
      // The other side does not want to know.
    }
  }

  private void exchange() throws IOException {
    engine.beginHandshake();
    try {
      while (true) {
        switch (engine.getHandshakeStatus()) {
          case NEED_TASK -> Engines.runTasks(engine);
          case NEED_WRAP -> outbound.flush();
          case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> inbound.unwrapForHandshake();
          case FINISHED, NOT_HANDSHAKING -> {
            return;
          }
        }
      }
    } catch (SSLException e) {
      if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        sendAlert();
      }
      throw e;
    }
  }

  private void sendAlert() {
    try {
      outbound.flush();
    } catch (IOException e) {
      // The other side does not want to know.
    }
  }

  private ConnectionState agreed(boolean resumed) throws SSLException {
    SSLSession session = engine.getSession();
    String protocol = engine.getApplicationProtocol();
    if (session.getProtocol().equals("NONE")) {
      throw new SSLException("tls: handshake ended without a session");
    }
    return new ConnectionState(
        session.getProtocol(),
        session.getCipherSuite(),
        protocol == null ? "" : protocol,
        engine.getUseClientMode() ? askedFor : KeyChoice.serverName(session),
        resumed,
        peerCertificates(session));
  }

  private static List<X509Certificate> peerCertificates(SSLSession session) {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      for (Certificate certificate : session.getPeerCertificates()) {
        chain.add((X509Certificate) certificate);
      }
    } catch (SSLPeerUnverifiedException e) {
      // It showed none.
    }
    return chain;
  }

  /**
   * Returns what the handshake has agreed on.
   *
   * @return null if it is not made yet, or has failed
   */
  public @Nullable ConnectionState connectionState() {
    return state;
  }

  /**
   * Returns the connection below. Go: {@code NetConn}. Reading from it or writing to it breaks this
   * one.
   *
   * @return the connection
   */
  public Conn netConn() {
    return raw;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (target.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    handshake();
    return target.hasRemaining() ? inbound.read(target) : 0;
  }

  @Override
  public void awaitInput() throws IOException {
    handshake();
    inbound.awaitInput();
  }

  @Override
  public boolean hasInput() {
    return inbound.hasInput();
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    handshake();
    outbound.write(source);
  }

  @Override
  public void closeWrite() throws IOException {
    if (state == null) {
      throw new SSLException("tls: CloseWrite called before handshake complete");
    }
    outbound.closeNotify();
  }

  @Override
  public void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    if (state != null) {
      Timer patience = Go.afterFunc(CLOSE_PATIENCE, raw::close);
      try {
        outbound.tryCloseNotify();
      } catch (IOException e) {
        // It is closed anyway.
      } finally {
        patience.stop();
      }
    }
    raw.close();
  }

  @Override
  public void setDeadline(@Nullable Duration fromNow) throws IOException {
    raw.setDeadline(fromNow);
  }

  @Override
  public void setReadDeadline(@Nullable Duration fromNow) throws IOException {
    raw.setReadDeadline(fromNow);
  }

  @Override
  public void setWriteDeadline(@Nullable Duration fromNow) throws IOException {
    raw.setWriteDeadline(fromNow);
  }

  @Override
  public InetSocketAddress localAddress() {
    return raw.localAddress();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return raw.remoteAddress();
  }

  @Override
  public Addr localAddr() {
    return raw.localAddr();
  }

  @Override
  public Addr remoteAddr() {
    return raw.remoteAddr();
  }

  @Override
  public String toString() {
    return "tls " + raw;
  }
}
