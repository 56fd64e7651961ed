package dev.raddle.http2;

import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.parser.Parser;
import org.eclipse.jetty.http2.parser.ServerParser;
import org.eclipse.jetty.io.ByteBufferPool;

/** Jetty's parsers, for a server and for a client, which call back for each frame. */
final class FrameParsers {
  private static final int LAST_FRAME_TYPE = 9;
  private static final int UNKNOWN_FRAME_TYPE = 0x7f;
  private static final int HEAD_SLACK_BYTES = 64 << 10;

  private FrameParsers() {}

  static ServerParser server(Http2Session session) {
    var gate = new FloodGate(session.config.maxControlFrames());
    int headBytes = headBytes(session.link.maxHeaderBytes());
    ServerParser parser =
        new ServerParser(ByteBufferPool.NON_POOLING, headBytes, gate) {
          @Override
          protected int getFrameType() {
            return known(super.getFrameType());
          }
        };
    parser.setMaxFrameSize(session.config.maxReadFrameSize());
    parser.getHpackDecoder().setMaxTableCapacity(session.config.maxDecoderHeaderTableSize());
    return parser;
  }

  static Parser client(int maxHeaderBytes, int maxControlFrames) {
    var gate = new FloodGate(maxControlFrames);
    return new Parser(ByteBufferPool.NON_POOLING, headBytes(maxHeaderBytes), gate) {
      @Override
      protected int getFrameType() {
        return known(super.getFrameType());
      }
    };
  }

  /** More than is allowed is read, so that it ends a stream or is answered, and no connection. */
  private static int headBytes(int allowed) {
    return (int) Math.min(2L * allowed + HEAD_SLACK_BYTES, Integer.MAX_VALUE);
  }

  /** What an error of Jetty's is called. */
  static ErrorCode code(int error) {
    ErrorCode known = ErrorCode.from(error);
    return known == null ? ErrorCode.PROTOCOL_ERROR : known;
  }

  private static int known(int type) {
    return type > LAST_FRAME_TYPE ? UNKNOWN_FRAME_TYPE : type; // 10 to 13 are null in there
  }
}
