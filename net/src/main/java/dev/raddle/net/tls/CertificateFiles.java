package dev.raddle.net.tls;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A certificate in two files that are looked at again: whoever renews them need not restart the
 * server. When a client comes, and the last look is some time ago, and one of them has changed,
 * both are read. If that fails, perhaps because one is written at this moment, the certificate
 * stays as it was, and one line is logged for each version of the files that failed.
 *
 * <pre>{@code
 * TlsConfig.builder().certificateSource(CertificateFiles.of(cert, key, Duration.ofSeconds(10)))
 * }</pre>
 */
public final class CertificateFiles implements CertificateSource {
  private static final System.Logger LOG = System.getLogger("dev.raddle.net.tls");

  private final Path certFile;
  private final Path keyFile;
  private final long pauseNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile TlsCertificate current;
  private volatile long lookedNanos; // by System.nanoTime
  private @Nullable Version version; // guarded by lock

  /** What tells that a file is another one. */
  private record Version(FileTime cert, long certBytes, FileTime key, long keyBytes) {
    static Version of(Path certFile, Path keyFile) throws IOException {
      return new Version(
          Files.getLastModifiedTime(certFile),
          Files.size(certFile),
          Files.getLastModifiedTime(keyFile),
          Files.size(keyFile));
    }
  }

  private CertificateFiles(Path certFile, Path keyFile, Duration pause)
      throws IOException, GeneralSecurityException {
    this.certFile = certFile;
    this.keyFile = keyFile;
    pauseNanos = pause.toNanos();
    version = Version.of(certFile, keyFile);
    current = TlsCertificate.load(certFile, keyFile);
    lookedNanos = System.nanoTime();
  }

  /**
   * Reads the files for the first time.
   *
   * @param certFile as in {@link TlsCertificate#load}
   * @param keyFile as in {@link TlsCertificate#load}
   * @param pause how long a look at the files is good for; zero: one for each handshake
   * @return a source for a configuration
   * @throws IOException as {@link TlsCertificate#load}
   * @throws GeneralSecurityException as {@link TlsCertificate#load}
   */
  public static CertificateFiles of(Path certFile, Path keyFile, Duration pause)
      throws IOException, GeneralSecurityException {
    return new CertificateFiles(certFile, keyFile, pause);
  }

  @Override
  public TlsCertificate get(ClientHello hello) {
    // Who finds the lock taken uses the old one: somebody else is reading.
    if (System.nanoTime() - lookedNanos >= pauseNanos && lock.tryLock()) {
      try {
        look();
      } finally {
        lock.unlock();
      }
    }
    return current;
  }

  private void look() {
    Version now = null;
    try {
      now = Version.of(certFile, keyFile);
      if (!now.equals(version)) {
        current = TlsCertificate.load(certFile, keyFile);
        LOG.log(Level.INFO, "tls: reloaded " + current);
      }
    } catch (IOException | GeneralSecurityException e) {
      if (!Objects.equals(now, version)) {
        LOG.log(Level.WARNING, "tls: keeping the old certificate, reading " + certFile + ": " + e);
      }
    }
    version = now;
    lookedNanos = System.nanoTime();
  }
}
