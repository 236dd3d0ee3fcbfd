package dev.tidemill.cli;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Volume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.TestcontainersConfiguration;

/**
 * The services of the compose file, each started when those that it waits for are healthy, from
 * images that are on this machine. Nothing is ever pulled.
 */
final class ComposeStack implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Network network = Network.newNetwork();
  private final Map<String, GenericContainer<?>> running = new LinkedHashMap<>();

  /** Why it can not be started here; empty if it can. */
  static Optional<String> obstacle(ComposeFile compose) {
    if (!mayHaveEngine() || !DockerClientFactory.instance().isDockerAvailable()) {
      return Optional.of("no Docker engine answers (DOCKER_HOST, or /var/run/docker.sock)");
    }
    String missing =
        compose.services().values().stream()
            .map(ComposeFile.Service::image)
            .filter(image -> !isHere(image))
            .collect(Collectors.joining(", "));
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the engine does not have "
                + missing
                + "; 'docker compose pull --ignore-buildable' and 'docker compose build' bring"
                + " them, or src/test/containers/stand-ins");
  }

  /** Testcontainers takes its time to find out that there is nothing, and logs an error. */
  private static boolean mayHaveEngine() {
    Path home = Path.of(System.getProperty("user.home"));
    return TestcontainersConfiguration.getInstance().getEnvVarOrUserProperty("docker.host", null)
            != null
        || Stream.of(
                Path.of("/var/run/docker.sock"),
                home.resolve(".docker/run/docker.sock"),
                Path.of(System.getenv().getOrDefault("XDG_RUNTIME_DIR", "/run"), "docker.sock"))
            .anyMatch(Files::exists);
  }

  private static boolean isHere(String image) {
    try {
      DockerClientFactory.instance().client().inspectImageCmd(image).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  /**
   * @param published a port of a service to be reached from this machine
   */
  static ComposeStack up(ComposeFile compose, Map<String, Integer> published) {
    ComposeStack stack = new ComposeStack();
    try {
      for (ComposeFile.Service service : compose.services().values()) {
        GenericContainer<?> container =
            stack.container(service, Optional.ofNullable(published.get(service.name())));
        stack.running.put(service.name(), container);
        container.start();
      }
      return stack;
    } catch (RuntimeException | Error e) {
      stack.close();
      throw e;
    }
  }

  GenericContainer<?> service(String name) {
    return running.get(name);
  }

  private GenericContainer<?> container(ComposeFile.Service service, Optional<Integer> port) {
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(service.image()))
            .withImagePullPolicy(image -> false)
            .withNetwork(network)
            .withNetworkAliases(service.name())
            .withEnv(service.environment())
            .withCreateContainerCmdModifier(command -> complete(command, service));
    port.ifPresent(container::withExposedPorts);
    if (!service.command().isEmpty()) {
      container.withCommand(service.command().toArray(String[]::new));
    }
    if (service.healthCheck().isPresent()) {
      container.waitingFor(Wait.forHealthcheck().withStartupTimeout(PATIENCE));
    }
    return container;
  }

  /** What Testcontainers has no words for. */
  private static void complete(CreateContainerCmd command, ComposeFile.Service service) {
    service
        .healthCheck()
        .ifPresent(
            check ->
                command.withHealthcheck(
                    new HealthCheck()
                        .withTest(check.test())
                        .withInterval(TimeUnit.SECONDS.toNanos(check.intervalSeconds()))
                        .withTimeout(TimeUnit.SECONDS.toNanos(check.timeoutSeconds()))
                        .withRetries(check.retries())));
    command
        .getHostConfig()
        .withReadonlyRootfs(service.readOnly())
        .withTmpFs(service.temporary())
        .withRestartPolicy(RestartPolicy.parse(service.restart()))
        .withBinds(
            service.mounts().stream()
                .filter(mount -> mount.startsWith("."))
                .map(ComposeStack::bind)
                .toList());
  }

  private static Bind bind(String mount) {
    String[] parts = mount.split(":");
    return new Bind(
        Path.of(parts[0]).toAbsolutePath().normalize().toString(),
        new Volume(parts[1]),
        parts.length > 2 ? AccessMode.valueOf(parts[2]) : AccessMode.rw);
  }

  @Override
  public void close() {
    List<GenericContainer<?>> containers = new ArrayList<>(running.values());
    for (int i = containers.size() - 1; i >= 0; i--) {
      containers.get(i).close();
    }
    network.close();
  }
}
