package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.http.Handler;
import dev.raddle.http.Request;
import dev.raddle.http.RequestBuilder;
import dev.raddle.http.Response;
import dev.raddle.http.Server;
import dev.raddle.http.ServerBuilder;
import dev.raddle.http.Transport;
import dev.raddle.http.TransportBuilder;
import dev.raddle.net.HostPort;
import dev.raddle.net.tls.TlsConfig;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** A server and a transport for it, in one of the modes in which Go runs its tests of both. */
final class Pair implements AutoCloseable {
  /** What is spoken. */
  enum Mode {
    HTTP1,
    H2C,
    H2;

    /** As requests and responses tell. */
    String proto() {
      return this == HTTP1 ? "HTTP/1.1" : "HTTP/2.0";
    }

    boolean isHttp2() {
      return this != HTTP1;
    }
  }

  final Mode mode;
  final Server server;
  final Transport transport;
  final Fixture.LogLines log = new Fixture.LogLines();

  private Pair(
      Mode mode,
      Handler handler,
      UnaryOperator<ServerBuilder> ofServer,
      UnaryOperator<TransportBuilder> ofTransport)
      throws Exception {
    this.mode = mode;
    ServerBuilder builder = Server.builder().addr("127.0.0.1:0").handler(handler).errorLog(log);
    TransportBuilder client = Transport.builder().proxy(request -> null);
    if (mode == Mode.H2) {
      var certificate = Fixture.certificate();
      builder.tlsConfig(TlsConfig.builder().certificate(certificate).build());
      client.tlsClientConfig(TlsConfig.builder().rootCas(certificate.chain()).build());
    } else {
      builder.h2c(mode == Mode.H2C);
      client.h2c(mode == Mode.H2C);
    }
    server = ofServer.apply(builder).build();
    transport = ofTransport.apply(client).build();
    if (mode == Mode.H2) {
      server.startTLS();
    } else {
      server.start();
    }
  }

  static Pair of(Mode mode, Handler handler) throws Exception {
    return new Pair(mode, handler, server -> server, client -> client);
  }

  static Pair ofServer(Mode mode, Handler handler, UnaryOperator<ServerBuilder> ofServer)
      throws Exception {
    return new Pair(mode, handler, ofServer, client -> client);
  }

  static Pair ofTransport(Mode mode, Handler handler, UnaryOperator<TransportBuilder> ofTransport)
      throws Exception {
    return new Pair(mode, handler, server -> server, ofTransport);
  }

  static Pair of(
      Mode mode,
      Handler handler,
      UnaryOperator<ServerBuilder> ofServer,
      UnaryOperator<TransportBuilder> ofTransport)
      throws Exception {
    return new Pair(mode, handler, ofServer, ofTransport);
  }

  String url() {
    return (mode == Mode.H2 ? "https://" : "http://") + HostPort.of(server.address());
  }

  RequestBuilder to(String method, String path) {
    return Request.to(method, url() + path);
  }

  /** Sends a request; the response tells the protocol of the mode. */
  Response send(RequestBuilder request) throws IOException {
    Response response = transport.roundTrip(request.build());
    assertEquals(mode.proto(), response.proto());
    return response;
  }

  Response get(String path) throws IOException {
    return send(to("GET", path));
  }

  @Override
  public void close() throws IOException {
    transport.close();
    server.close();
  }
}
