import { Button } from "@mantine/core";
import { getRouteApi, Link as RouterLink } from "@tanstack/react-router";
import { useFollow } from "@/api/links";
import { backLink, Screen } from "@/components/Screen";
import { useToasts } from "@/components/Toasts";
import { dropFromDraft } from "@/features/home/draft";
import { useI18n } from "@/i18n";
import { creationOf, emptyDraft, keepDraft } from "./draft";
import { LinkForm } from "./LinkForm";

const route = getRouteApi("/shell/links/new");

/** Follows a new source. */
export default function NewLinkPage() {
  const { say } = useI18n();
  const { tell } = useToasts();
  const { url = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const follow = useFollow();
  // What was typed for one address is nothing for another.
  const draftKey = `new ${url}`;
  return (
    <Screen
      title={say("link.new")}
      back={<RouterLink to="/links" search={{}} {...backLink(say("follow.links"))} />}
    >
      <LinkForm
        draftKey={draftKey}
        first={emptyDraft(url)}
        busy={follow.isPending}
        error={follow.error}
        submit={say("link.new.submit")}
        cancel={
          <Button
            variant="default"
            renderRoot={(props) => <RouterLink to="/links" search={{}} {...props} />}
            onClick={() => keepDraft(draftKey, null)}
          >
            {say("form.cancel")}
          </Button>
        }
        onSubmit={(draft, cookies) =>
          follow.mutate(creationOf(draft, cookies), {
            onSuccess: (link) => {
              keepDraft(draftKey, null);
              if (url) dropFromDraft(url);
              tell(say("link.new.done", { name: link.name }));
              void navigate({ to: "/links/$id", params: { id: link.id } });
            },
          })
        }
      />
    </Screen>
  );
}
