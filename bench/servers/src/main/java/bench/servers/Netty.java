package bench.servers;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderNames.DATE;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A bare Netty event loop on epoll: the handler runs on the loop, nothing is handed over. */
@SuppressWarnings("FutureReturnValueIgnored") // a greeting that is not written is seen by who asked
public final class Netty {
  private Netty() {}

  /**
   * Serves.
   *
   * @param args number of event loops, perhaps {@code h2c}, and port
   */
  public static void main(String[] args) throws InterruptedException {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    Class<? extends ServerChannel> type =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    boolean h2c = args[1].equals("h2c");
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(Integer.parseInt(args[0]), io);
    new ServerBootstrap()
        .group(loops)
        .channel(type)
        .option(ChannelOption.SO_BACKLOG, 4096)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel c) {
                if (h2c) {
                  c.pipeline().addLast(NettyHttp2.beforeHttp1());
                }
                c.pipeline()
                    .addLast(
                        new HttpServerCodec(), new HttpObjectAggregator(65_536), new Greeter());
              }
            })
        .bind("127.0.0.1", Integer.parseInt(args[args.length - 1]))
        .sync();
  }

  private static final class Greeter extends SimpleChannelInboundHandler<FullHttpRequest> {
    private String date = "";
    private long dateSecond;

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      var uri = new QueryStringDecoder(request.uri());
      boolean keep = HttpUtil.isKeepAlive(request);
      if (uri.path().equals("/slow")) {
        Runnable later =
            () -> {
              answer(context, "slow", keep);
              context.flush();
            };
        context.executor().schedule(later, 10, TimeUnit.MILLISECONDS);
      } else {
        String name = uri.parameters().getOrDefault("name", List.of("world")).getFirst();
        answer(context, "Hello, " + name + "!", keep);
      }
    }

    private void answer(ChannelHandlerContext context, String text, boolean keep) {
      var body = Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
      var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
      response
          .headers()
          .set(CONTENT_TYPE, "text/plain; charset=utf-8")
          .set(CONTENT_LENGTH, body.readableBytes())
          .set(DATE, date());
      if (!keep) {
        response.headers().set(CONNECTION, "close");
      }
      var written = context.write(response);
      if (!keep) {
        written.addListener(ChannelFutureListener.CLOSE);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush(); // once for all that was read together
    }

    private String date() {
      long second = System.currentTimeMillis() / 1000;
      if (second != dateSecond) {
        dateSecond = second;
        date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
      }
      return date;
    }
  }
}
