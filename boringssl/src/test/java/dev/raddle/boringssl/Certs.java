package dev.raddle.boringssl;

import dev.raddle.net.tls.TlsCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Certificates that vouch for themselves, made by the JDK's keytool. */
final class Certs {
  private static final String PASSWORD = "changeit";

  private final Path directory;

  Certs(Path directory) {
    this.directory = directory;
  }

  /** A certificate for a name of the DNS, which is also the name of its file. */
  TlsCertificate make(String name, String algorithm)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = directory.resolve(name + ".p12");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", "a", "-validity", "30"));
    command.addAll(List.of("-keyalg", algorithm, "-dname", "CN=" + name));
    command.addAll(List.of("-ext", "san=dns:" + name + ",ip:127.0.0.1"));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(command + ": " + output);
    }
    return TlsCertificate.loadPkcs12(store, PASSWORD.toCharArray());
  }
}
