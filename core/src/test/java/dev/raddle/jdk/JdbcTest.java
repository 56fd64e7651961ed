package dev.raddle.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** JDBC, with many goroutines over a few pooled connections. */
class JdbcTest {
  private static final int CONNECTIONS = 3;
  private static final int GOROUTINES = 20;
  private static final int TRANSFERS = 20;

  /** A pool in its simplest form. */
  private static final class Pool implements AutoCloseable {
    private final BlockingQueue<Connection> idle = new ArrayBlockingQueue<>(CONNECTIONS);

    Pool(String url) throws SQLException {
      for (int i = 0; i < CONNECTIONS; i++) {
        idle.add(DriverManager.getConnection(url));
      }
    }

    interface Work {
      void run(Connection c) throws SQLException;
    }

    void use(Work work) throws SQLException, InterruptedException {
      Connection c = idle.take();
      try {
        work.run(c);
      } finally {
        idle.put(c);
      }
    }

    @Override
    public void close() throws SQLException {
      for (Connection c : idle) {
        c.close();
      }
    }
  }

  @OnEach
  void transactionsOnAPool(On on) throws Exception {
    String url = "jdbc:h2:mem:on" + on.processors() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=30000";
    try (var pool = new Pool(url)) {
      on.run(
          () -> {
            pool.use(
                c -> {
                  try (var s = c.createStatement()) {
                    s.execute("create table account(id int primary key, balance int)");
                    s.execute("insert into account values (0, 1000), (1, 1000)");
                  }
                });
            On.all(
                GOROUTINES,
                i -> {
                  for (int t = 0; t < TRANSFERS; t++) {
                    pool.use(c -> transfer(c, i % 2 == 0 ? 1 : 2));
                  }
                });
            pool.use(
                c -> {
                  assertEquals(1000 - moved(), balance(c, 0));
                  assertEquals(1000 + moved(), balance(c, 1));
                });
          });
    } finally {
      try (var c = DriverManager.getConnection(url);
          var s = c.createStatement()) {
        s.execute("shutdown");
      }
    }
  }

  private static int moved() {
    return GOROUTINES / 2 * TRANSFERS * (1 + 2);
  }

  /** Always locks the rows in the same order, so that no transaction is a victim. */
  private static void transfer(Connection c, int amount) throws SQLException {
    c.setAutoCommit(false);
    try (var update = c.prepareStatement("update account set balance = balance + ? where id = ?")) {
      for (int id = 0; id < 2; id++) {
        update.setInt(1, id == 0 ? -amount : amount);
        update.setInt(2, id);
        assertEquals(1, update.executeUpdate());
      }
      c.commit();
    } finally {
      c.setAutoCommit(true);
    }
  }

  private static int balance(Connection c, int id) throws SQLException {
    try (var query = c.prepareStatement("select balance from account where id = ?")) {
      query.setInt(1, id);
      try (var rows = query.executeQuery()) {
        assertTrue(rows.next());
        return rows.getInt(1);
      }
    }
  }
}
