package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Where a process answers over HTTP. Without a port it does not.
 *
 * @param port 0: any that is free
 * @param host the address to bind to; empty: loopback
 * @param advertised {@code host:port} under which the pipeline's other processes reach this one;
 *     empty: the address that it is bound to
 * @param token what a request must carry as {@code Authorization: Bearer}; a secret, never to be
 *     shown
 */
public record HttpSettings(
    Optional<Integer> port,
    Optional<String> host,
    Optional<String> advertised,
    Optional<String> token) {
  public static final HttpSettings NONE =
      new HttpSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public HttpSettings {
    requireNonNull(port, "port");
    requireNonNull(host, "host");
    requireNonNull(advertised, "advertised");
    requireNonNull(token, "token");
  }

  /** With what the command line says in the place of what is set. */
  public HttpSettings or(Optional<Integer> otherPort, Optional<String> otherHost) {
    return new HttpSettings(otherPort.or(() -> port), otherHost.or(() -> host), advertised, token);
  }

  @Override
  public String toString() {
    return "HttpSettings[port=" + port + ", host=" + host + ", advertised=" + advertised + "]";
  }
}
