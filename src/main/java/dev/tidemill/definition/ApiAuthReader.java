package dev.tidemill.definition;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Reads {@code auth:} of {@code http:}. */
final class ApiAuthReader {
  private ApiAuthReader() {}

  static Optional<ApiAuth> read(Section auth, boolean insecure) {
    List<String> written = auth.written("basic", "bearer", "header", "oauth2");
    if (written.size() != 1) {
      auth.problem("'auth' is one of basic, bearer, header and oauth2; write one");
      return Optional.empty();
    }
    return switch (written.get(0)) {
      case "basic" -> auth.section("basic", Vocabulary.BASIC).flatMap(ApiAuthReader::basic);
      case "bearer" -> auth.text("bearer", ApiAuthReader::sent).map(ApiAuth.Bearer::new);
      case "header" -> auth.section("header", Vocabulary.HEADER).flatMap(ApiAuthReader::header);
      default ->
          auth.section("oauth2", Vocabulary.OAUTH2).flatMap(oauth2 -> oauth2(oauth2, insecure));
    };
  }

  private static Optional<ApiAuth> basic(Section basic) {
    Optional<String> user = basic.text("user", ApiAuthReader::user);
    Optional<String> password = basic.text("password").map(Text::value);
    return user.isEmpty() || password.isEmpty()
        ? Optional.empty()
        : Optional.of(new ApiAuth.Basic(user.get(), password.get()));
  }

  private static String user(String text) {
    if (text.contains(":")) {
      throw new IllegalArgumentException("the user of basic authentication has no ':'");
    }
    return text;
  }

  private static String sent(String token) {
    return ApiRequestReader.header("Authorization", token);
  }

  private static Optional<ApiAuth> header(Section header) {
    Optional<String> name = header.text("name").map(Text::value);
    Optional<String> value = header.text("value").map(Text::value);
    if (name.isEmpty() || value.isEmpty()) {
      return Optional.empty();
    }
    try {
      ApiRequestReader.header(name.get(), value.get());
    } catch (IllegalArgumentException e) {
      header.problem(e.getMessage());
      return Optional.empty();
    }
    return Optional.of(new ApiAuth.Header(name.get(), value.get()));
  }

  private static Optional<ApiAuth> oauth2(Section oauth2, boolean insecure) {
    Optional<URI> url = ApiRequestReader.url(oauth2, "token-url", insecure);
    Optional<String> id = oauth2.text("client-id").map(Text::value);
    Optional<String> secret = oauth2.text("client-secret").map(Text::value);
    Optional<Optional<String>> scope = oauth2.text("scope", Optional::of, Optional.empty());
    return url.isEmpty() || id.isEmpty() || secret.isEmpty() || scope.isEmpty()
        ? Optional.empty()
        : Optional.of(new ApiAuth.OAuth2(url.get(), id.get(), secret.get(), scope.get()));
  }
}
