package dev.raddle.net;

/** Opens a listener, and says what else it has to say. */
public final class ChoiceProgram {
  private ChoiceProgram() {}

  /** Listens once. */
  public static void main(String[] args) throws Exception {
    Net.listen("tcp", "127.0.0.1:0").close();
  }
}
