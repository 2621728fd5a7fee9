import { createRoute, notFound, redirect } from "@tanstack/react-router";
import { OUTCOMES, type AuditFilter } from "@/api/audit";
import { LEVELS, type LogFilter } from "@/api/logs";
import { screen, shell } from "./frame";
import { day, oneOf, text } from "./search";

/** Where an administrator looks after everybody. For others there is no such place. */
const admin = createRoute({
  getParentRoute: () => shell,
  path: "/admin",
  beforeLoad: ({ context }) => {
    if (!context.me.is_superuser) throw notFound();
  },
});

const adminStart = createRoute({
  getParentRoute: () => admin,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/admin/users" });
  },
});

const users = createRoute({
  getParentRoute: () => admin,
  path: "/users",
  component: screen(["admin"], () => import("@/features/admin/UsersPage")),
});

const settings = createRoute({
  getParentRoute: () => admin,
  path: "/settings",
  component: screen(["admin"], () => import("@/features/admin/SettingsPage")),
});

const backups = createRoute({
  getParentRoute: () => admin,
  path: "/backups",
  component: screen(["admin"], () => import("@/features/admin/BackupsPage")),
});

const health = createRoute({
  getParentRoute: () => admin,
  path: "/health",
  component: screen(["admin"], () => import("@/features/admin/HealthPage")),
});

const logs = createRoute({
  getParentRoute: () => admin,
  path: "/logs",
  validateSearch: (search): LogFilter => ({
    level: oneOf(search["level"], LEVELS),
    q: text(search["q"]),
    download: Number(search["download"]) > 0 ? Number(search["download"]) : undefined,
  }),
  component: screen(["admin"], () => import("@/features/admin/LogsPage")),
});

const audit = createRoute({
  getParentRoute: () => admin,
  path: "/audit",
  validateSearch: (search): AuditFilter => ({
    username: text(search["username"]),
    action: text(search["action"]),
    outcome: oneOf(search["outcome"], OUTCOMES),
    from: day(search["from"]),
    to: day(search["to"]),
  }),
  component: screen(["admin"], () => import("@/features/admin/AuditPage")),
});

export const adminRoutes = admin.addChildren([adminStart, users, settings, backups, health, logs, audit]);
