package dev.tidemill.definition;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where requests to an API may go, whatever its answers say: redirects and links lead nowhere else.
 *
 * @param allowed hosts in lower case, with all of their ports unless one is written: {@code
 *     host:port}
 * @param insecure whether plain HTTP may leave this machine
 */
public record ApiHosts(Set<String> allowed, boolean insecure) {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

  public ApiHosts {
    allowed = Set.copyOf(allowed);
  }

  /** That of the URL alone. */
  public static ApiHosts of(URI url, boolean insecure) {
    return new ApiHosts(Set.of(hostAndPort(url)), insecure);
  }

  /** Whether it is one of them, or a host that is allowed with all of its ports. */
  public boolean allows(URI url) {
    return allowed.contains(host(url)) || allowed.contains(hostAndPort(url));
  }

  /** Whether what is sent there can be read on its way by nobody who is not meant to. */
  public boolean isSafe(URI url) {
    return "https".equalsIgnoreCase(url.getScheme())
        || "http".equalsIgnoreCase(url.getScheme()) && (insecure || isLoopback(url));
  }

  /** Whether both are answered by the same server, as a browser would say. */
  public static boolean isSameOrigin(URI one, URI other) {
    return one.getScheme().equalsIgnoreCase(other.getScheme())
        && hostAndPort(one).equals(hostAndPort(other));
  }

  private static boolean isLoopback(URI url) {
    return LOOPBACK.matcher(host(url)).matches();
  }

  /** In lower case, with the port that the scheme means. */
  public static String hostAndPort(URI url) {
    int usual = "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    return host(url) + ":" + (url.getPort() < 0 ? usual : url.getPort());
  }

  private static String host(URI url) {
    return String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
  }
}
