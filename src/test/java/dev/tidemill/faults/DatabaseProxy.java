package dev.tidemill.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Between an application and PostgreSQL: knows enough of the protocol to see a COMMIT, and loses
 * the answer to it, or the COMMIT itself; and it can be as if the server were down.
 */
final class DatabaseProxy implements AutoCloseable {

  /** What becomes of a COMMIT that is chosen. */
  enum Loss {
    /** It took place, and nobody tells. */
    REPLY,
    /** It never came, and nobody tells. */
    REQUEST
  }

  /** Whoever wants to know. */
  interface Listener {
    void lost(Loss what);
  }

  private static final Pattern HOST = Pattern.compile("//([^:/]+):([0-9]+)/");
  private static final int STARTUP_MAJOR = 3;

  private final InetSocketAddress server;
  private final Listener listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger commits = new AtomicInteger();
  private final Set<Integer> replies = ConcurrentHashMap.newKeySet();
  private final Set<Integer> requests = ConcurrentHashMap.newKeySet();
  private final int port;
  private ServerSocket listening;

  /**
   * @param url of any database of the server
   */
  DatabaseProxy(String url, Listener listener) {
    Matcher host = HOST.matcher(url);
    if (!host.find()) {
      throw new IllegalArgumentException("no host and port: " + url);
    }
    this.server = new InetSocketAddress(host.group(1), Integer.parseInt(host.group(2)));
    this.listener = listener;
    listen(0);
    this.port = listening.getLocalPort();
  }

  /** The same database, by the way through here. */
  String through(String url) {
    return HOST.matcher(url).replaceFirst("//127.0.0.1:" + port + "/");
  }

  /** How many COMMITs have come. */
  int commits() {
    return commits.get();
  }

  /** Of the COMMITs that come, counted from 1 over all connections, this one gets lost. */
  void lose(Loss what, int nth) {
    (what == Loss.REPLY ? replies : requests).add(nth);
  }

  /** Connections break, and new ones are refused. */
  void down() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  void up() {
    listen(port);
  }

  private void listen(int where) {
    try {
      listening = new ServerSocket();
      listening.setReuseAddress(true);
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), where));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ServerSocket now = listening;
    start("accepts", () -> accept(now));
  }

  private void accept(ServerSocket on) throws IOException {
    while (!on.isClosed()) {
      Socket client = on.accept();
      Socket upstream = new Socket(server.getHostString(), server.getPort());
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      new Session(client, upstream).start();
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(String what, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // A connection is over; both ends learn it by their own.
              }
            },
            "database-proxy-" + what);
    thread.setDaemon(true);
    thread.start();
  }

  private final class Session {
    private final Socket client;
    private final Socket upstream;
    private final Set<String> commitStatements = new HashSet<>();
    private boolean commitBound;
    private volatile boolean losesReply;

    Session(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    void start() {
      open.add(client);
      open.add(upstream);
      DatabaseProxy.start("there", () -> closing(this::there));
      DatabaseProxy.start("back", () -> closing(this::back));
    }

    private void closing(Work work) throws IOException {
      try (client;
          upstream) {
        work.run();
      } finally {
        open.remove(client);
        open.remove(upstream);
      }
    }

    private void there() throws IOException {
      DataInputStream in = new DataInputStream(client.getInputStream());
      DataOutputStream out = new DataOutputStream(upstream.getOutputStream());
      boolean started = false;
      while (true) {
        int type = started ? in.readUnsignedByte() : 0;
        int length = in.readInt();
        byte[] body = in.readNBytes(length - Integer.BYTES);
        if (isCommit(type, body)) {
          int nth = commits.incrementAndGet();
          if (requests.contains(nth)) {
            listener.lost(Loss.REQUEST);
            return;
          }
          losesReply = replies.contains(nth);
        }
        if (started) {
          out.writeByte(type);
        } else {
          started = ((body[0] << 8) | body[1]) == STARTUP_MAJOR; // else it asks for encryption
        }
        out.writeInt(length);
        out.write(body);
        out.flush();
      }
    }

    /** A simple query, or the execution of a statement that was parsed as COMMIT before. */
    private boolean isCommit(int type, byte[] body) {
      switch (type) {
        case 'Q':
          return isCommit(text(body, 0));
        case 'P':
          String parsed = text(body, 0);
          if (isCommit(text(body, parsed.getBytes(UTF_8).length + 1))) {
            commitStatements.add(parsed);
          } else {
            commitStatements.remove(parsed);
          }
          return false;
        case 'B':
          String portal = text(body, 0);
          commitBound = commitStatements.contains(text(body, portal.getBytes(UTF_8).length + 1));
          return false;
        case 'E':
          return commitBound;
        default:
          return false;
      }
    }

    private static boolean isCommit(String sql) {
      return sql.strip().equalsIgnoreCase("COMMIT");
    }

    private static String text(byte[] body, int from) {
      int end = from;
      while (body[end] != 0) {
        end++;
      }
      return new String(body, from, end - from, UTF_8);
    }

    private void back() throws IOException {
      InputStream in = upstream.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] some = new byte[1 << 14];
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        if (losesReply) {
          listener.lost(Loss.REPLY); // the server answers after it has committed
          return;
        }
        out.write(some, 0, n);
        out.flush();
      }
    }
  }

  @Override
  public void close() throws IOException {
    down();
  }
}
