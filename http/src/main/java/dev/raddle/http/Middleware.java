package dev.raddle.http;

/** What wraps a handler to do something before and after it, or in its place. */
@FunctionalInterface
public interface Middleware {
  /**
   * Wraps a handler.
   *
   * @param next what is wrapped
   * @return the handler to use instead
   */
  Handler wrap(Handler next);

  /**
   * Makes one of several; the first one is asked first.
   *
   * @param all in the order in which they see a request
   * @return all of them
   */
  static Middleware of(Middleware... all) {
    Middleware[] chain = all.clone();
    return handler -> {
      Handler wrapped = handler;
      for (int i = chain.length - 1; i >= 0; i--) {
        wrapped = chain[i].wrap(wrapped);
      }
      return wrapped;
    };
  }
}
