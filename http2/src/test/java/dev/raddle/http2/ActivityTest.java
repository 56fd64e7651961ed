package dev.raddle.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.raddle.http.spi.ServerLink;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server is told of the use of a connection, whenever its reader or a handler reports. */
class ActivityTest {
  private final List<String> told = new ArrayList<>();
  private int begun;
  private int running;
  private final Activity activity = new Activity(link(), () -> begun, () -> running > 0);

  private ServerLink link() {
    return (ServerLink)
        Proxy.newProxyInstance(
            ServerLink.class.getClassLoader(),
            new Class<?>[] {ServerLink.class},
            (proxy, method, args) -> {
              told.add(method.getName());
              return null;
            });
  }

  /** The handler had ended before the reader reported, and nobody heard of the request. */
  @Test
  void aRequestThatIsOverAtOnceIsToldAll() {
    activity.greeted();
    begun++;
    activity.report(); // of the handler, which has ended
    activity.report(); // of the reader
    assertEquals(List.of("greeted", "idle", "active", "idle"), told);
  }

  @Test
  void requestsSideBySideAreOneUse() {
    activity.greeted();
    begun++;
    running++;
    activity.report();
    begun++;
    running++;
    activity.report();
    running--;
    activity.report();
    running--;
    activity.report();
    assertEquals(List.of("greeted", "idle", "active", "idle"), told);
  }

  /** It begins between the two looks. */
  @Test
  void aRequestIsToldOnce() {
    var late =
        new Activity(
            link(),
            () -> begun,
            () -> {
              if (begun == 0) {
                begun++;
                running++;
              }
              return running > 0;
            });
    late.report();
    running--;
    late.report();
    late.report();
    assertEquals(List.of("active", "idle"), told);
  }

  /** A report that came late took the last second of the connection back. */
  @Test
  void nothingIsToldAfterTheEnd() {
    activity.over();
    activity.greeted();
    begun++;
    activity.report();
    assertEquals(List.of(), told);
  }
}
