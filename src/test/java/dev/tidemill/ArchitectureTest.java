package dev.tidemill;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** Each package is a stop on the way of a record, and arrows only point down the list. */
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tidemill");

  @Test
  void arrows_only_point_down_the_list() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("cli")
        .definedBy("dev.tidemill.cli..")
        .layer("server")
        .definedBy("dev.tidemill.server..")
        .layer("query")
        .definedBy("dev.tidemill.query..")
        .layer("extract")
        .definedBy("dev.tidemill.extract..")
        .layer("topology")
        .definedBy("dev.tidemill.topology..")
        .layer("load")
        .definedBy("dev.tidemill.load..")
        .layer("sql")
        .definedBy("dev.tidemill.sql..")
        .layer("schema")
        .definedBy("dev.tidemill.schema..")
        .layer("definition")
        .definedBy("dev.tidemill.definition..")
        .layer("batch")
        .definedBy("dev.tidemill.batch..")
        .layer("events")
        .definedBy("dev.tidemill.events..")
        .layer("embedded")
        .definedBy("dev.tidemill.embedded..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("server")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("query")
        .mayOnlyBeAccessedByLayers("cli", "server")
        .whereLayer("extract")
        .mayOnlyBeAccessedByLayers("cli", "server", "query")
        .whereLayer("topology")
        .mayOnlyBeAccessedByLayers("cli", "server", "query", "extract")
        .whereLayer("load")
        .mayOnlyBeAccessedByLayers("cli", "server", "query", "extract", "topology")
        .whereLayer("sql")
        .mayOnlyBeAccessedByLayers("cli", "server", "query", "extract", "topology", "load")
        .whereLayer("schema")
        .mayOnlyAccessLayers("definition", "batch")
        .whereLayer("definition")
        .mayOnlyAccessLayers("batch", "events")
        .whereLayer("batch")
        .mayNotAccessAnyLayer()
        .whereLayer("events")
        .mayNotAccessAnyLayer()
        .whereLayer("embedded")
        .mayOnlyAccessLayers("definition", "batch")
        .check(CLASSES);
  }

  @Test
  void no_package_needs_itself_through_others() {
    SlicesRuleDefinition.slices()
        .matching("dev.tidemill.(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  @Test
  void the_domain_and_the_events_are_pure_java() {
    classes()
        .that()
        .resideInAPackage("dev.tidemill.batch..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage("java..", "dev.tidemill.batch.."))
        .check(CLASSES);
    classes()
        .that()
        .resideInAPackage("dev.tidemill.events..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage("java..", "dev.tidemill.events.."))
        .check(CLASSES);
  }

  @Test
  void definitions_and_sql_know_no_kafka() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.tidemill.definition..", "dev.tidemill.sql..", "dev.tidemill.schema..")
        .should()
        .dependOnClassesThat(resideInAPackage("org.apache.kafka.."))
        .check(CLASSES);
  }

  @Test
  void only_one_class_touches_the_relocated_registry_client() {
    noClasses()
        .that()
        .doNotHaveSimpleName("ConfluentRegistry")
        .should()
        .dependOnClassesThat(resideInAPackage("org.apache.flink.."))
        .check(CLASSES);
  }

  @Test
  void only_the_commit_hook_the_clients_and_the_builder_of_stores_know_streams_internals() {
    noClasses()
        .that()
        .doNotHaveSimpleName("CommitHook")
        .and()
        .doNotHaveSimpleName("TrackedClients")
        .and()
        .doNotHaveSimpleName("TopicBackedStores")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "org.apache.kafka.streams.processor.internals..",
                "org.apache.kafka.streams.state.internals.."))
        .check(CLASSES);
  }
}
