package dev.raddle.http2;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.PingFrame;
import org.eclipse.jetty.http2.frames.PushPromiseFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.http2.frames.WindowUpdateFrame;
import org.eclipse.jetty.http2.parser.ServerParser;

/**
 * What each frame of the client does: RFC 9113, sections 5 and 6. Used by the reader. Jetty's
 * parser, which calls back, knows the frames and HPACK; which frame is allowed on which stream is
 * known here. A callback that throws is only logged by the parser, so none does.
 */
final class ServerFrames implements ServerParser.Listener {
  private static final int MAX_SENT_FRAME_BYTES = 64 << 10; // the others wait as long as it takes

  private final Http2Session session;
  private final ServerParser parser;

  ServerFrames(Http2Session session) {
    this.session = session;
    parser = FrameParsers.server(session);
    parser.init(this);
  }

  void parse(ByteBuffer bytes) {
    parser.parse(bytes);
  }

  // Streams.

  @Override
  public void onHeaders(HeadersFrame frame) {
    if (session.isFailed()) {
      return;
    }
    boolean opened = false;
    session.lock.lock();
    try {
      ServerStreamState stream = session.streams.get(frame.getStreamId());
      if (stream == null) {
        opened = session.streams.open(frame);
      } else if (stream.hasEnded()) {
        stream.refuse(ErrorCode.STREAM_CLOSED_ERROR);
      } else if (!frame.isEndStream()
          || MetaData.Failed.getFailure(frame.getMetaData()) != null
          || frame.getMetaData().isRequest()
          || frame.getMetaData().isResponse()) {
        stream.refuse(ErrorCode.PROTOCOL_ERROR);
      } else {
        stream.receiveTrailer(RequestHeads.lines(frame.getMetaData().getHttpFields()));
      }
    } finally {
      session.lock.unlock();
    }
    if (opened) {
      session.reportActivity();
    }
  }

  @Override
  public void onData(DataFrame frame) {
    if (session.isFailed()) {
      return;
    }
    session.lock.lock();
    try {
      int bytes = frame.flowControlLength();
      if (!session.flow.receive(bytes)) {
        session.fail(ErrorCode.FLOW_CONTROL_ERROR, "window of the connection exceeded");
        return;
      }
      ServerStreamState stream = session.streams.get(frame.getStreamId());
      if (stream == null) {
        session.flow.giveBack(bytes);
        if (session.streams.isIdle(frame.getStreamId())) {
          session.fail(ErrorCode.PROTOCOL_ERROR, "data on a stream that is idle");
        } else if (!session.isGoingAway() || frame.getStreamId() <= session.streams.lastId()) {
          session.flow.out.reset(frame.getStreamId(), ErrorCode.STREAM_CLOSED_ERROR.code);
        }
      } else if (stream.hasEnded()) {
        session.flow.giveBack(bytes);
        stream.refuse(ErrorCode.STREAM_CLOSED_ERROR);
      } else {
        stream.receive(frame.getByteBuffer(), bytes, frame.isEndStream());
      }
    } finally {
      session.lock.unlock();
    }
  }

  @Override
  public void onReset(ResetFrame frame) {
    if (session.isFailed()) {
      return;
    }
    ServerStreamState stream;
    session.lock.lock();
    try {
      stream = session.streams.remove(frame.getStreamId());
      if (stream != null) {
        stream.lose(ServerStreamState.wasReset(frame.getError()));
      } else if (session.streams.isIdle(frame.getStreamId())) {
        session.fail(ErrorCode.PROTOCOL_ERROR, "reset of a stream that is idle");
      }
    } finally {
      session.lock.unlock();
    }
    if (stream != null) {
      stream.gone();
    }
  }

  @Override
  public void onWindowUpdate(WindowUpdateFrame frame) {
    if (session.isFailed()) {
      return;
    }
    int bytes = frame.getWindowDelta();
    int id = frame.getStreamId();
    session.lock.lock();
    try {
      if (id == 0) {
        boolean allowed = session.flow.moveSendWindow(bytes);
        if (bytes == 0 || !allowed) {
          session.fail(
              bytes == 0 ? ErrorCode.PROTOCOL_ERROR : ErrorCode.FLOW_CONTROL_ERROR,
              "window of the connection moved by " + bytes);
        }
        session.streams.signalWritable();
        return;
      }
      ServerStreamState stream = session.streams.get(id);
      if (stream != null) {
        if (bytes == 0) {
          stream.refuse(ErrorCode.PROTOCOL_ERROR);
        } else if (!stream.moveSendWindow(bytes)) {
          stream.refuse(ErrorCode.FLOW_CONTROL_ERROR);
        }
      } else if (session.streams.isIdle(id)) {
        session.fail(ErrorCode.PROTOCOL_ERROR, "window of a stream that is idle");
      }
    } finally {
      session.lock.unlock();
    }
  }

  // The connection.

  @Override
  public void onSettings(SettingsFrame frame) {
    if (session.isFailed()) {
      return;
    }
    if (frame.isReply()) {
      session.lock.lock();
      try {
        session.settingsAcked();
      } finally {
        session.lock.unlock();
      }
      return;
    }
    apply(frame);
    session.lock.lock();
    try {
      session.flow.out.settingsAck();
    } finally {
      session.lock.unlock();
    }
    session.greet();
  }

  /** Takes over what the client wants. */
  void apply(SettingsFrame frame) {
    session.lock.lock();
    try {
      int tableBytes = session.config.maxEncoderHeaderTableSize();
      long delta = session.flow.apply(frame.getSettings(), tableBytes, MAX_SENT_FRAME_BYTES);
      if (!session.streams.moveSendWindows(delta)) {
        session.fail(ErrorCode.FLOW_CONTROL_ERROR, "window of a stream exceeded");
      }
    } finally {
      session.lock.unlock();
    }
  }

  @Override
  public void onPing(PingFrame frame) {
    if (session.isFailed() || frame.isReply()) {
      return;
    }
    session.lock.lock();
    try {
      session.flow.out.pingAck(frame.getPayload());
    } finally {
      session.lock.unlock();
    }
  }

  @Override
  public void onGoAway(GoAwayFrame frame) {
    session.shutDown();
  }

  @Override
  public void onPushPromise(PushPromiseFrame frame) {
    session.fail(ErrorCode.PROTOCOL_ERROR, "push by a client");
  }

  @Override
  public void onStreamFailure(int streamId, int error, String reason) {
    session.lock.lock();
    try {
      ServerStreamState stream = session.streams.get(streamId);
      ErrorCode code = FrameParsers.code(error);
      if (stream != null) {
        stream.refuse(code);
      } else if (streamId == 0 || session.streams.isIdle(streamId)) {
        session.fail(code, reason);
      } else {
        session.flow.out.reset(streamId, code.code); // whether or not it has been answered by now
      }
    } finally {
      session.lock.unlock();
    }
  }

  @Override
  public void onConnectionFailure(int error, String reason) {
    session.fail(FrameParsers.code(error), reason);
  }
}
