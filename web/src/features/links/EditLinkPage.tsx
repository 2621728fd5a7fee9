import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link as RouterLink } from "@tanstack/react-router";
import { isGone } from "@/api/errors";
import { linkQuery, useSaveLink, type Link } from "@/api/links";
import { IconFollow } from "@/components/icons";
import { backLink, Screen } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { changesOf, draftOf, keepDraft } from "./draft";
import { LinkForm } from "./LinkForm";

const route = getRouteApi("/shell/links/$id/edit");

/** Changes a link. */
export default function EditLinkPage() {
  const { say } = useI18n();
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(linkQuery(id));
  const gone = isGone(error);
  return (
    <Screen
      title={data ? say("link.edit.title", { name: data.name }) : say("link.edit")}
      back={<RouterLink to="/links/$id" params={{ id }} {...backLink(data?.name ?? say("follow.links"))} />}
    >
      {gone && <Empty icon={<IconFollow size={24} />} title={say("link.gone")} />}
      {error && !gone && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={3} height={140} />}
      {data && !gone && <Form link={data} />}
    </Screen>
  );
}

function Form({ link }: { link: Link }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const navigate = route.useNavigate();
  const save = useSaveLink(link.id);
  const draftKey = String(link.id);
  const back = { to: "/links/$id", params: { id: link.id } } as const;
  return (
    <LinkForm
      draftKey={draftKey}
      first={draftOf(link)}
      link={link}
      busy={save.isPending}
      error={save.error}
      submit={say("form.save")}
      cancel={
        <Button
          variant="default"
          renderRoot={(props) => <RouterLink {...back} {...props} />}
          onClick={() => keepDraft(draftKey, null)}
        >
          {say("form.cancel")}
        </Button>
      }
      onSubmit={(draft, cookies) =>
        save.mutate(changesOf(draft, link, cookies), {
          onSuccess: (saved) => {
            keepDraft(draftKey, null);
            tell(say("link.saved", { name: saved.name }));
            void navigate(back);
          },
        })
      }
    />
  );
}
