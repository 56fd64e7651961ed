package dev.raddle.http2;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.PingFrame;
import org.eclipse.jetty.http2.frames.PushPromiseFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.http2.frames.WindowUpdateFrame;
import org.eclipse.jetty.http2.parser.Parser;

/**
 * What each frame of the server does: {@link ServerFrames}, for the other side. Used by the reader,
 * under the session's lock. A callback that throws is only logged by the parser, so none does.
 */
final class ClientFrames implements Parser.Listener {
  private static final int MAX_CONTROL_FRAMES = 10_000; // a second; that cost the server nothing

  private final Http2ClientSession session;
  private final Parser parser;

  ClientFrames(Http2ClientSession session) {
    this.session = session;
    parser = FrameParsers.client(session.maxHeaderBytes(), MAX_CONTROL_FRAMES);
    parser.init(this);
  }

  void parse(ByteBuffer bytes) {
    parser.parse(bytes);
  }

  /** Whether a frame is to be looked at. */
  private boolean accepts() {
    if (!session.isFailed() && !session.isGreeted()) {
      session.fail(ErrorCode.PROTOCOL_ERROR, "first frame is not SETTINGS");
    }
    return !session.isFailed();
  }

  @Override
  public void onHeaders(HeadersFrame frame) {
    if (!accepts()) {
      return;
    }
    ClientStreamState stream = session.streams.get(frame.getStreamId());
    if (stream != null) {
      stream.receiveHead(frame.getMetaData(), frame.isEndStream());
    } else if (session.streams.isIdle(frame.getStreamId())) {
      session.fail(ErrorCode.PROTOCOL_ERROR, "HEADERS on a stream that is idle");
    }
  }

  @Override
  public void onData(DataFrame frame) {
    if (!accepts()) {
      return;
    }
    int bytes = frame.flowControlLength();
    ClientStreamState stream = session.streams.get(frame.getStreamId());
    if (!session.flow.receive(bytes)) {
      session.fail(ErrorCode.FLOW_CONTROL_ERROR, "window of the connection exceeded");
    } else if (stream != null) {
      stream.receiveData(frame.getByteBuffer(), bytes, frame.isEndStream());
    } else if (session.streams.isIdle(frame.getStreamId())) {
      session.fail(ErrorCode.PROTOCOL_ERROR, "DATA on a stream that is idle");
    } else {
      session.flow.giveBack(bytes); // on its way when the stream ended
    }
  }

  @Override
  public void onReset(ResetFrame frame) {
    if (!accepts()) {
      return;
    }
    ClientStreamState stream = session.streams.get(frame.getStreamId());
    if (stream != null) {
      stream.receiveReset(frame.getError());
    } else if (session.streams.isIdle(frame.getStreamId())) {
      session.fail(ErrorCode.PROTOCOL_ERROR, "RST_STREAM on a stream that is idle");
    }
  }

  @Override
  public void onWindowUpdate(WindowUpdateFrame frame) {
    if (!accepts()) {
      return;
    }
    int bytes = frame.getWindowDelta();
    int id = frame.getStreamId();
    if (id == 0) {
      boolean allowed = session.flow.moveSendWindow(bytes);
      if (bytes == 0) {
        session.fail(ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of nothing");
      } else if (!allowed) {
        session.fail(ErrorCode.FLOW_CONTROL_ERROR, "window of the connection too large");
      } else {
        session.streams.signal();
      }
      return;
    }
    ClientStreamState stream = session.streams.get(id);
    if (stream == null) {
      if (session.streams.isIdle(id)) {
        session.fail(ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of a stream that is idle");
      }
    } else if (bytes == 0) {
      stream.refuse(ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of nothing");
    } else if (!stream.moveSendWindow(bytes)) {
      stream.refuse(ErrorCode.FLOW_CONTROL_ERROR, "window of the stream too large");
    }
  }

  @Override
  public void onSettings(SettingsFrame frame) {
    if (session.isFailed() || frame.isReply()) {
      return;
    }
    session.apply(frame.getSettings());
    session.flow.out.settingsAck();
    checkFlood();
  }

  @Override
  public void onPing(PingFrame frame) {
    if (accepts() && !frame.isReply()) {
      session.flow.out.pingAck(frame.getPayload());
      checkFlood();
    }
  }

  private void checkFlood() {
    if (session.flow.out.isFlooded()) {
      session.fail(ErrorCode.ENHANCE_YOUR_CALM_ERROR, "server does not read the answers");
    }
  }

  @Override
  public void onGoAway(GoAwayFrame frame) {
    if (accepts()) {
      session.goAway(frame.getLastStreamId(), frame.getError(), frame.tryConvertPayload());
    }
  }

  @Override
  public void onPushPromise(PushPromiseFrame frame) {
    if (accepts()) {
      session.fail(ErrorCode.PROTOCOL_ERROR, "PUSH_PROMISE, which was not allowed");
    }
  }

  @Override
  public void onStreamFailure(int streamId, int error, String reason) {
    if (!accepts()) {
      return;
    }
    ClientStreamState stream = session.streams.get(streamId);
    if (stream != null) {
      stream.refuse(FrameParsers.code(error), "malformed response from server: " + reason);
    } else if (session.streams.isIdle(streamId)) {
      session.fail(FrameParsers.code(error), reason);
    }
  }

  @Override
  public void onConnectionFailure(int error, String reason) {
    session.fail(FrameParsers.code(error), reason);
  }
}
