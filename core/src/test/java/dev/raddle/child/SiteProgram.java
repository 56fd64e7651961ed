package dev.raddle.child;

import static dev.raddle.Go.go;

import dev.raddle.Chan;
import dev.raddle.runtime.Goroutine;

/** Prints where its goroutine was made. */
final class SiteProgram {
  private SiteProgram() {}

  private static String site() {
    Goroutine self = Goroutine.current();
    return String.valueOf(self == null ? null : self.creationSite());
  }

  public static void main(String[] args) throws Exception {
    Chan<String> site = Chan.make();
    go(() -> site.send(site()));
    System.out.println("made at " + site.recv());
  }
}
