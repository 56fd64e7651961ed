package dev.raddle;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The direction of dependencies. A change here needs a design note. */
class ArchitectureTest {
  /** A package uses only packages above it. */
  private static final List<String> ORDER =
      List.of(
          "dev.raddle.internal.util",
          "dev.raddle.internal.jdk",
          "dev.raddle.internal.timer",
          "dev.raddle.internal.sched",
          "dev.raddle.runtime",
          "dev.raddle.internal.chan",
          "dev.raddle",
          "dev.raddle.context",
          "dev.raddle.sync",
          "dev.raddle.flow");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.raddle");

  @Test
  void packagesUseOnlyWhatStandsAboveThem() {
    for (int i = 0; i < ORDER.size(); i++) {
      String[] below = ORDER.subList(i + 1, ORDER.size()).toArray(String[]::new);
      if (below.length > 0) {
        noClasses()
            .that()
            .resideInAPackage(ORDER.get(i))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(below)
            .check(CLASSES);
      }
    }
  }

  @Test
  void jdkInternalsAreUsedInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.raddle.internal.jdk")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.internal..")
        .check(CLASSES);
  }

  @Test
  void clockRandomnessAndParkingAreReachedThroughOneAdapterEach() {
    only("Clock", "java.lang.System", "nanoTime");
    noClasses()
        .that()
        .doNotHaveSimpleName("Parker")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.locks.LockSupport")
        .check(CLASSES);
    noClasses()
        .that()
        .doNotHaveSimpleName("Rand")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
        .check(CLASSES);
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static void only(String adapter, String owner, String method) {
    noClasses()
        .that()
        .doNotHaveSimpleName(adapter)
        .should()
        .callMethod(type(owner), method)
        .check(CLASSES);
  }
}
