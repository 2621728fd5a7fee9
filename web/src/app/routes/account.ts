import { createRoute, redirect } from "@tanstack/react-router";
import { meQuery, setupQuery } from "@/api/account";
import { root, screen, shell } from "./frame";
import { ownPlace, text } from "./search";

interface LoginSearch {
  next?: string | undefined;
  ended?: true | undefined;
}

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search): LoginSearch => ({
    next: ownPlace(search["next"]),
    ended: search["ended"] === true ? true : undefined,
  }),
  beforeLoad: async ({ context }) => {
    const setup = await context.queries.ensureQueryData(setupQuery);
    if (setup.needs_first_user && !setup.single_password) throw redirect({ to: "/welcome" });
  },
  component: screen([], () => import("@/features/account/LoginPage")),
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  // Always asked anew: somebody else may have made the first account in the meantime.
  beforeLoad: ({ context }) => context.queries.fetchQuery(setupQuery),
  component: screen([], () => import("@/features/account/SignUpPage")),
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  component: screen(["account"], () => import("@/features/account/ForgotPage")),
});

interface ResetSearch {
  token?: string | undefined;
}

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  validateSearch: (search): ResetSearch => ({ token: text(search["token"]) }),
  component: screen(["account"], () => import("@/features/account/ResetPage")),
});

/** After the first account was made: a few things to know, outside of the frame. */
const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  beforeLoad: async ({ context }) => {
    const me = await context.queries.ensureQueryData(meQuery);
    if (!me?.is_superuser) throw redirect({ to: "/" });
  },
  component: screen(["account"], () => import("@/features/account/SetupPage")),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: "/account",
  beforeLoad: ({ context }) => context.queries.ensureQueryData(setupQuery),
  component: screen(["account", "states"], () => import("@/features/account/AccountPage")),
});

export const atTheDoor = [login, welcome, forgot, reset, setup] as const;

export const accountRoutes = [account] as const;
