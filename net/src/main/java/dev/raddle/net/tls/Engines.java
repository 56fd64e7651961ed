package dev.raddle.net.tls;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** What all parts of a connection do with the engine. */
final class Engines {
  private Engines() {}

  /** Runs what the engine calls tasks, the costly steps of a handshake, on this goroutine. */
  static void runTasks(SSLEngine engine) {
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      Runnable task = engine.getDelegatedTask();
      if (task == null) {
        return; // somebody else has it
      }
      task.run();
    }
  }
}
