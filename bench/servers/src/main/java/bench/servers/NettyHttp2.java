package bench.servers;

import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** HTTP/2 of the bare Netty loop: its codec of frames, and no channel for a stream. */
@SuppressWarnings("FutureReturnValueIgnored") // a greeting that is not written is seen by who asked
final class NettyHttp2 {
  private NettyHttp2() {}

  /** Goes first; if a client begins with HTTP/2, the other handlers go. */
  static ChannelHandler beforeHttp1() {
    return new Preface();
  }

  private static final class Preface extends ByteToMessageDecoder {
    private final ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      int known = Math.min(in.readableBytes(), preface.readableBytes());
      ChannelPipeline pipeline = context.pipeline();
      if (!in.slice(in.readerIndex(), known).equals(preface.slice(0, known))) {
        pipeline.remove(this);
      } else if (known == preface.readableBytes()) {
        while (pipeline.last() != this) {
          pipeline.removeLast();
        }
        pipeline.addLast(Http2FrameCodecBuilder.forServer().build(), new Greeter());
        pipeline.remove(this);
      }
    }
  }

  private static final class Greeter extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
      try {
        if (frame instanceof Http2HeadersFrame headers && headers.isEndStream()) {
          var uri = new QueryStringDecoder(headers.headers().path().toString());
          String name = uri.parameters().getOrDefault("name", List.of("world")).getFirst();
          answer(context, headers.stream(), "Hello, " + name + "!");
        }
      } finally {
        ReferenceCountUtil.release(frame);
      }
    }

    private static void answer(
        ChannelHandlerContext context, Http2FrameStream stream, String text) {
      ByteBuf body = Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
      var headers = new DefaultHttp2Headers().status("200");
      headers.set(CONTENT_TYPE, "text/plain; charset=utf-8");
      headers.setInt(CONTENT_LENGTH, body.readableBytes());
      context.write(new DefaultHttp2HeadersFrame(headers, false).stream(stream));
      context.write(new DefaultHttp2DataFrame(body, true).stream(stream));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush(); // once for all that was read together
    }
  }
}
