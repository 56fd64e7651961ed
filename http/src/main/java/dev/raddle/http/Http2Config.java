package dev.raddle.http;

/**
 * Limits of HTTP/2: Go's {@code http.HTTP2Config}. They hold if the module {@code raddle-http2} is
 * there.
 *
 * @param maxConcurrentStreams how many requests a connection may have at once; more are refused
 * @param maxReadFrameSize the longest frame that is accepted, 16 KB to 16 MB
 * @param maxReceiveBufferPerConnection how much of bodies is kept that handlers have not read yet,
 *     64 KB to 2 GB
 * @param maxReceiveBufferPerStream as that, of one body; less than of the connection, so that a
 *     handler which does not read does not stop the others
 * @param maxDecoderHeaderTableSize memory to compress headers that are received
 * @param maxEncoderHeaderTableSize memory to compress headers that are sent, at most
 * @param maxControlFrames how many frames that carry nothing a client may send a second: PING,
 *     SETTINGS, PRIORITY, RST_STREAM, DATA without data, continued heads, unknown ones. Beyond it
 *     the connection ends with ENHANCE_YOUR_CALM. Go has no such number, but limits what it queues
 */
public record Http2Config(
    int maxConcurrentStreams,
    int maxReadFrameSize,
    int maxReceiveBufferPerConnection,
    int maxReceiveBufferPerStream,
    int maxDecoderHeaderTableSize,
    int maxEncoderHeaderTableSize,
    int maxControlFrames) {
  private static final int MIN_FRAME_BYTES = 1 << 14;
  private static final int MAX_FRAME_BYTES = (1 << 24) - 1;
  private static final int FIRST_WINDOW_BYTES =
      (1 << 16) - 1; // that of a connection cannot be less

  /** Go's numbers, but for the buffer of a stream, which is 1 MB there, and the frame size. */
  public static final Http2Config DEFAULT =
      new Http2Config(250, MIN_FRAME_BYTES, 1 << 20, 1 << 18, 4096, 4096, 1000);

  /** Checks the numbers. */
  public Http2Config {
    check("maxConcurrentStreams", maxConcurrentStreams, 1, Integer.MAX_VALUE);
    check("maxReadFrameSize", maxReadFrameSize, MIN_FRAME_BYTES, MAX_FRAME_BYTES);
    check(
        "maxReceiveBufferPerConnection",
        maxReceiveBufferPerConnection,
        FIRST_WINDOW_BYTES,
        Integer.MAX_VALUE);
    check("maxReceiveBufferPerStream", maxReceiveBufferPerStream, 1, Integer.MAX_VALUE);
    check("maxDecoderHeaderTableSize", maxDecoderHeaderTableSize, 0, Integer.MAX_VALUE);
    check("maxEncoderHeaderTableSize", maxEncoderHeaderTableSize, 0, Integer.MAX_VALUE);
    check("maxControlFrames", maxControlFrames, 1, Integer.MAX_VALUE);
  }

  private static void check(String what, int found, int from, int to) {
    if (found < from || found > to) {
      throw new IllegalArgumentException(
          what + ": expected " + from + " to " + to + ", found " + found);
    }
  }

  /**
   * Returns these limits with another number of streams.
   *
   * @param streams how many requests a connection may have at once
   * @return the limits
   */
  public Http2Config withMaxConcurrentStreams(int streams) {
    return new Http2Config(
        streams,
        maxReadFrameSize,
        maxReceiveBufferPerConnection,
        maxReceiveBufferPerStream,
        maxDecoderHeaderTableSize,
        maxEncoderHeaderTableSize,
        maxControlFrames);
  }

  /**
   * Returns these limits with other buffers.
   *
   * @param perConnection {@link #maxReceiveBufferPerConnection()}
   * @param perStream {@link #maxReceiveBufferPerStream()}
   * @return the limits
   */
  public Http2Config withMaxReceiveBuffers(int perConnection, int perStream) {
    return new Http2Config(
        maxConcurrentStreams,
        maxReadFrameSize,
        perConnection,
        perStream,
        maxDecoderHeaderTableSize,
        maxEncoderHeaderTableSize,
        maxControlFrames);
  }

  /**
   * Returns these limits with another number of frames a second.
   *
   * @param frames {@link #maxControlFrames()}
   * @return the limits
   */
  public Http2Config withMaxControlFrames(int frames) {
    return new Http2Config(
        maxConcurrentStreams,
        maxReadFrameSize,
        maxReceiveBufferPerConnection,
        maxReceiveBufferPerStream,
        maxDecoderHeaderTableSize,
        maxEncoderHeaderTableSize,
        frames);
  }
}
