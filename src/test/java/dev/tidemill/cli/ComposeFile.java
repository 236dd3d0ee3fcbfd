package dev.tidemill.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * docker-compose.yml, as far as tests need it. It alone names images and their settings: the
 * container test starts what a user starts.
 *
 * @param services by name, each after those that it waits for
 * @param volumes that are named
 */
record ComposeFile(Map<String, Service> services, List<String> volumes) {
  static final Path FILE = Path.of("docker-compose.yml");

  /**
   * @param mounts as written, {@code source:target} or {@code source:target:ro}
   */
  record Service(
      String name,
      String image,
      List<String> command,
      Map<String, String> environment,
      List<String> mounts,
      boolean readOnly,
      Map<String, String> temporary,
      String restart,
      List<String> waitsFor,
      Optional<HealthCheck> healthCheck) {}

  /**
   * @param test beginning with {@code CMD}
   */
  record HealthCheck(List<String> test, long intervalSeconds, long timeoutSeconds, int retries) {}

  static ComposeFile read() {
    try {
      Load yaml = new Load(LoadSettings.builder().build());
      Map<?, ?> file = (Map<?, ?>) yaml.loadFromString(Files.readString(FILE));
      Map<String, Service> services = new LinkedHashMap<>();
      map(file, "services").forEach((name, service) -> add(name, services, file));
      return new ComposeFile(services, List.copyOf(map(file, "volumes").keySet()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Service service(String name) {
    return services.get(name);
  }

  private static void add(String name, Map<String, Service> services, Map<?, ?> file) {
    if (!services.containsKey(name)) {
      Service service = service(name, map(map(file, "services"), name));
      service.waitsFor().forEach(other -> add(other, services, file));
      services.put(name, service);
    }
  }

  private static Service service(String name, Map<String, ?> yaml) {
    Map<String, String> environment = new LinkedHashMap<>();
    map(yaml, "environment").forEach((key, value) -> environment.put(key, value.toString()));
    Map<String, String> temporary = new LinkedHashMap<>();
    for (String mount : list(yaml, "tmpfs")) {
      String[] parts = mount.split(":", 2);
      temporary.put(parts[0], parts.length > 1 ? parts[1] : "");
    }
    return new Service(
        name,
        (String) yaml.get("image"),
        list(yaml, "command"),
        environment,
        list(yaml, "volumes"),
        Boolean.TRUE.equals(yaml.get("read_only")),
        temporary,
        yaml.get("restart") instanceof String restart ? restart : "no",
        List.copyOf(map(yaml, "depends_on").keySet()),
        Optional.of(map(yaml, "healthcheck")).filter(h -> !h.isEmpty()).map(ComposeFile::health));
  }

  private static HealthCheck health(Map<String, ?> yaml) {
    return new HealthCheck(
        list(yaml, "test"),
        seconds(yaml.get("interval")),
        seconds(yaml.get("timeout")),
        (Integer) yaml.get("retries"));
  }

  private static long seconds(Object duration) {
    return Long.parseLong(duration.toString().replaceFirst("s$", ""));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, ?> map(Map<?, ?> yaml, String key) {
    Object value = yaml.get(key);
    return value == null ? Map.of() : (Map<String, ?>) value;
  }

  @SuppressWarnings("unchecked")
  private static List<String> list(Map<?, ?> yaml, String key) {
    Object value = yaml.get(key);
    return value == null ? List.of() : (List<String>) value;
  }
}
