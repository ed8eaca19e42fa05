package dev.agentruntime.libvirt;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.auth.LoginConfig;

/** The REST part of the agent of {@link PlatformIT}. */
@ApplicationPath("/rest")
@LoginConfig(authMethod = "MP-JWT")
public class Office extends Application {}
