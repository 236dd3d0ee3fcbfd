package dev.tidemill.definition;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** How a request shows that it may be asked. Every {@code toString} is free of secrets. */
public sealed interface ApiAuth {

  /** Never to be shown. */
  List<String> secrets();

  record None() implements ApiAuth {
    @Override
    public List<String> secrets() {
      return List.of();
    }
  }

  /** RFC 7617. */
  record Basic(String user, String password) implements ApiAuth {
    public Basic {
      requireNonNull(user, "user");
      requireNonNull(password, "password");
    }

    @Override
    public List<String> secrets() {
      return List.of(password);
    }

    @Override
    public String toString() {
      return "basic";
    }
  }

  /** RFC 6750. */
  record Bearer(String token) implements ApiAuth {
    public Bearer {
      requireNonNull(token, "token");
    }

    @Override
    public List<String> secrets() {
      return List.of(token);
    }

    @Override
    public String toString() {
      return "bearer";
    }
  }

  /** A header of the API's own, such as {@code X-Api-Key}. */
  record Header(String name, String value) implements ApiAuth {
    public Header {
      requireNonNull(name, "name");
      requireNonNull(value, "value");
    }

    @Override
    public List<String> secrets() {
      return List.of(value);
    }

    @Override
    public String toString() {
      return "header " + name;
    }
  }

  /** The client credentials of RFC 6749, section 4.4: they get a token, which is a bearer's. */
  record OAuth2(URI tokenUrl, String clientId, String clientSecret, Optional<String> scope)
      implements ApiAuth {
    public OAuth2 {
      requireNonNull(tokenUrl, "tokenUrl");
      requireNonNull(clientId, "clientId");
      requireNonNull(clientSecret, "clientSecret");
      requireNonNull(scope, "scope");
    }

    @Override
    public List<String> secrets() {
      return List.of(clientSecret);
    }

    @Override
    public String toString() {
      return "oauth2";
    }
  }
}
