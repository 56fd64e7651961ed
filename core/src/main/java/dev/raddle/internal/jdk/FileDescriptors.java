package dev.raddle.internal.jdk;

import static java.lang.invoke.MethodType.methodType;

import java.io.FileDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** The descriptors behind the JDK's file channels, for system calls that the JDK does not make. */
public final class FileDescriptors {
  private static final @Nullable MethodHandle NUMBER; // of a FileDescriptor
  private static final @Nullable MethodHandle DESCRIPTOR; // of a channel
  private static final Class<?> CHANNEL;

  static {
    MethodHandle number = null;
    MethodHandle descriptor = null;
    Class<?> channel = Void.class;
    try {
      var own = MethodHandles.lookup();
      var opens =
          MethodHandles.privateLookupIn(Module.class, own)
              .findVirtual(
                  Module.class, "implAddOpens", methodType(void.class, String.class, Module.class));
      Module base = Object.class.getModule();
      Module us = FileDescriptors.class.getModule();
      opens.invokeExact(base, "sun.nio.ch", us);
      opens.invokeExact(base, "java.io", us);
      channel = Class.forName("sun.nio.ch.FileChannelImpl");
      number =
          MethodHandles.privateLookupIn(FileDescriptor.class, own)
              .findGetter(FileDescriptor.class, "fd", int.class);
      descriptor =
          MethodHandles.privateLookupIn(channel, own)
              .findGetter(channel, "fd", FileDescriptor.class)
              .asType(methodType(FileDescriptor.class, FileChannel.class));
    } catch (Throwable closed) {
      descriptor = null; // whoever asks does without
    }
    NUMBER = number;
    DESCRIPTOR = descriptor;
    CHANNEL = channel;
  }

  private FileDescriptors() {}

  /**
   * Returns the number of a channel's descriptor. It is the file's for as long as the channel is
   * open: the caller sees to that.
   *
   * @return negative if the channel is closed, not a file of the system, or java.lang is not open
   */
  public static int of(FileChannel channel) {
    MethodHandle number = NUMBER;
    MethodHandle descriptor = DESCRIPTOR;
    if (number == null || descriptor == null || !CHANNEL.isInstance(channel)) {
      return -1;
    }
    try {
      return channel.isOpen()
          ? (int) number.invokeExact((FileDescriptor) descriptor.invokeExact(channel))
          : -1;
    } catch (Throwable e) {
      throw new IllegalStateException("a field of the JDK cannot be read", e);
    }
  }
}
