package dev.tidemill.embedded;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;

/** A broker that asks what a user may do. Everything, unless it is said of a topic. */
public final class GuardedBroker implements AutoCloseable {
  private static final Map<String, String> GUARDED =
      Map.of(
          "authorizer.class.name",
          StandardAuthorizer.class.getName(),
          "allow.everyone.if.no.acl.found",
          "true");

  private final EmbeddedBroker broker =
      new EmbeddedBroker(BrokerDirectory.temporary(), EmbeddedBroker.FREE, GUARDED);

  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** Whoever comes may do everything with a topic but this. */
  public void deny(String topic, AclOperation operation) {
    acl(
        admin ->
            admin
                .createAcls(
                    List.of(
                        everybody(topic, AclOperation.ALL, AclPermissionType.ALLOW),
                        everybody(topic, operation, AclPermissionType.DENY)))
                .all()
                .get());
  }

  /** Whoever comes may do this with the topic, too. */
  public void allow(String topic, AclOperation operation) {
    AclBinding denied = everybody(topic, operation, AclPermissionType.DENY);
    acl(admin -> admin.deleteAcls(List.of(denied.toFilter())).all().get());
  }

  private static AclBinding everybody(
      String topic, AclOperation operation, AclPermissionType permission) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
        new AccessControlEntry("User:*", "*", operation, permission));
  }

  private interface Change {
    void of(Admin admin) throws ExecutionException, InterruptedException;
  }

  private void acl(Change change) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      change.of(admin);
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    broker.close();
  }
}
