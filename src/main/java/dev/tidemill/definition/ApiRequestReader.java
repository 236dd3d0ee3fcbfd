package dev.tidemill.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;

/** Reads what of {@code http:} is the same in each request. */
final class ApiRequestReader {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final Pattern HOST =
      Pattern.compile("([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");
  private static final int LEAST_RESPONSE = 1 << 10;
  private static final int MAX_RESPONSE = 1 << 30;

  private ApiRequestReader() {}

  static Optional<ApiRequest> read(Document document, Section http) {
    Optional<Boolean> insecure = http.bool("insecure", false);
    Optional<URI> url = url(http, "url", insecure.orElse(true));
    Optional<Optional<String>> body = body(http);
    Optional<Map<String, String>> headers = texts(http, "headers", ApiRequestReader::header);
    Optional<Map<String, String>> query = texts(http, "query", (name, value) -> value);
    Optional<ApiAuth> auth =
        http.has("auth")
            ? http.section("auth", Vocabulary.AUTH)
                .flatMap(section -> ApiAuthReader.read(section, insecure.orElse(true)))
            : Optional.of(new ApiAuth.None());
    if (http.has("auth") && headers.filter(ApiRequestReader::hasAuthorization).isPresent()) {
      http.problemAtKey("auth", "there is a header 'Authorization', too; remove one of them");
    }
    Optional<Duration> timeout =
        http.text("timeout", DurationText::parsePositive, ApiRequest.DEFAULT_TIMEOUT);
    Optional<Integer> maxResponse =
        http.text("max-response", ApiRequestReader::bytes, ApiRequest.DEFAULT_MAX_RESPONSE);
    Optional<Set<String>> others = allowedHosts(http);
    if (url.isEmpty()
        || body.isEmpty()
        || headers.isEmpty()
        || query.isEmpty()
        || auth.isEmpty()
        || timeout.isEmpty()
        || maxResponse.isEmpty()
        || insecure.isEmpty()
        || others.isEmpty()) {
      return Optional.empty();
    }
    Set<String> hosts = new HashSet<>(others.get());
    hosts.add(ApiHosts.hostAndPort(url.get()));
    return Optional.of(
        new ApiRequest(
            url.get(),
            shown(url.get(), document),
            headers.get(),
            query.get(),
            body.get(),
            auth.get(),
            timeout.get(),
            maxResponse.get(),
            new ApiHosts(hosts, insecure.get())));
  }

  /** Never shows more than the scheme: it may hold a secret. */
  static Optional<URI> url(Section section, String key, boolean insecure) {
    return section.text(key, text -> url(text, insecure));
  }

  private static URI url(String text, boolean insecure) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "this is no URL from its character %d on; write one such as https://api.example.com/v1/orders"
              .formatted(e.getIndex() + 1),
          e);
    }
    if (url.getHost() == null
        || url.getScheme() == null
        || !List.of("http", "https").contains(url.getScheme().toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "a URL begins with 'https://' and a host, such as https://api.example.com/v1/orders");
    }
    if (url.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "there is a user in the URL; write 'auth: {basic: {user: …, password: …}}'");
    }
    if (url.getRawFragment() != null) {
      throw new IllegalArgumentException("'#' and what is behind it is sent nowhere; remove it");
    }
    if (!new ApiHosts(Set.of(), insecure).isSafe(url)) {
      throw new IllegalArgumentException(
          "plain HTTP can be read on its way; write https, or 'insecure: true' if nobody is there");
    }
    return url;
  }

  private static String shown(URI url, Document document) {
    String withoutQuery = url.toString();
    int query = withoutQuery.indexOf('?');
    return document.redact(query < 0 ? withoutQuery : withoutQuery.substring(0, query));
  }

  private static Optional<Optional<String>> body(Section http) {
    Optional<Boolean> post = http.text("method", ApiRequestReader::isPost, false);
    if (post.isEmpty()) {
      return Optional.empty();
    }
    if (post.get() && !http.has("body")) {
      http.problemAtKey("method", "a POST has a 'body'; write it, '{}' if there is nothing to say");
      return Optional.empty();
    }
    if (!post.get() && http.has("body")) {
      http.problemAtKey("body", "a GET has no body; write 'method: POST', or remove it");
      return Optional.empty();
    }
    return http.text("body", text -> Optional.of(json(text)), Optional.empty());
  }

  private static boolean isPost(String text) {
    return switch (text) {
      case "GET" -> false;
      case "POST" -> true;
      default ->
          throw new IllegalArgumentException(
              "'%s' is not supported; write GET or POST".formatted(text));
    };
  }

  private static String json(String text) {
    try {
      if (JSON.readTree(text).isObject()) {
        return text;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the body is not JSON, in line %d, column %d of it: %s"
              .formatted(
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr(),
                  e.getOriginalMessage()),
          e);
    }
    throw new IllegalArgumentException("the body is no JSON object; write one, such as '{}'");
  }

  /** Without the value: it may be a secret. */
  static String header(String name, String value) {
    if (name.equalsIgnoreCase("Accept-Encoding")) {
      throw new IllegalArgumentException("Tidemill asks for gzip by itself; remove this header");
    }
    try {
      HttpRequest.newBuilder().header(name, value);
      return value;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "this header can not be sent: its name is one of the protocol's own, or it has a character that no header has",
          e);
    }
  }

  private static boolean hasAuthorization(Map<String, String> headers) {
    return headers.keySet().stream().anyMatch(name -> name.equalsIgnoreCase("Authorization"));
  }

  /** Values by names that the user chose; a number or true is as good as a text. */
  private static Optional<Map<String, String>> texts(
      Section http, String key, BinaryOperator<String> check) {
    if (!http.has(key)) {
      return Optional.of(Map.of());
    }
    Optional<Section> section = http.named(key);
    if (section.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (String name : section.get().names()) {
      section
          .get()
          .scalar(name)
          .flatMap(text -> text.as(value -> check.apply(name, value)))
          .ifPresent(value -> texts.put(name, value));
    }
    return texts.size() == section.get().names().size() ? Optional.of(texts) : Optional.empty();
  }

  private static int bytes(String text) {
    long bytes = BytesText.parse(text);
    if (bytes < LEAST_RESPONSE || bytes > MAX_RESPONSE) {
      throw new IllegalArgumentException("'%s' is not from 1KB to 1GB".formatted(text));
    }
    return (int) bytes;
  }

  private static Optional<Set<String>> allowedHosts(Section http) {
    if (!http.has("allowed-hosts")) {
      return Optional.of(Set.of());
    }
    Optional<List<Text>> written = http.texts("allowed-hosts");
    Set<String> hosts = new HashSet<>();
    boolean fine = written.isPresent();
    for (Text text : written.orElse(List.of())) {
      Optional<String> host = text.as(ApiRequestReader::host);
      fine &= host.isPresent();
      host.ifPresent(hosts::add);
    }
    return fine ? Optional.of(hosts) : Optional.empty();
  }

  private static String host(String text) {
    String host = text.toLowerCase(Locale.ROOT);
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no host; write one such as files.example.com, or host:port".formatted(text));
    }
    return host;
  }
}
