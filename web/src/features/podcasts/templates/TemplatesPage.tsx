import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "@/api/account";
import { templateFileQuery, templatesQuery, useDeleteTemplate, type Template } from "@/api/templates";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { forms } from "@/components/Form";
import { IconPlus, IconTemplate } from "@/components/icons";
import { Row, Rows } from "@/components/Rows";
import { Screen } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { PodcastPlaces } from "../PodcastPlaces";
import styles from "../Podcasts.module.css";
import { TemplateDialog } from "./TemplateDialog";
import { useFormatName, useTemplateWords } from "./words";

/** How episodes are told: what ships with Magpie, and one's own. */
export default function TemplatesPage() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(templatesQuery);
  const [adding, setAdding] = useState(false);
  // One's own first: they are what one comes for.
  const sorted = data && [...data].sort((one, other) => Number(one.isShipped) - Number(other.isShipped));
  return (
    <Screen
      title={say("podcasts.places.templates")}
      actions={
        <Button size="sm" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
          {say("podcasts.templates.add")}
        </Button>
      }
    >
      <PodcastPlaces place="templates" />
      <p className={forms.note}>{say("podcasts.templates.note")}</p>
      <FileProblems />
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={6} height={72} />}
      {sorted?.length === 0 && (
        <Empty icon={<IconTemplate size={24} />} title={say("podcasts.templates.none")} />
      )}
      {sorted && sorted.length > 0 && (
        <Rows label={say("podcasts.places.templates")}>
          {sorted.map((template) => (
            <TemplateRow key={template.id} template={template} />
          ))}
        </Rows>
      )}
      {adding && <TemplateDialog onClose={() => setAdding(false)} />}
    </Screen>
  );
}

/** What in the file of templates cannot be used, line by line. */
function FileProblems() {
  const { say } = useI18n();
  const { data: me } = useQuery(meQuery);
  const { data } = useQuery({ ...templateFileQuery, enabled: me?.is_superuser === true });
  if (!data || data.problems.length === 0) return null;
  return (
    <div role="alert">
      <p className={styles["fault"]}>{say("podcasts.templates.problems", { path: data.path })}</p>
      <ul className={styles["problems"]}>
        {data.problems.map(({ line, field, message }, at) => (
          <li key={at} className={styles["fault"]}>
            {[line !== null && say("podcasts.templates.line", { line }), field, message]
              .filter(Boolean)
              .join(" · ")}
          </li>
        ))}
      </ul>
    </div>
  );
}

function TemplateRow({ template }: { template: Template }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const formatOf = useFormatName();
  const { title, about } = useTemplateWords()(template);
  const remove = useDeleteTemplate();
  const [dialog, setDialog] = useState<"edit" | "copy" | "delete" | null>(null);
  const { id, isShipped, canEdit, format, minutes, speakers = [] } = template;
  const small = { size: "xs", variant: "default" } as const;
  const close = () => setDialog(null);
  return (
    <Row
      title={
        <>
          <span dir="auto">{title}</span>
          {isShipped && <Tag>{say("podcasts.templates.shipped")}</Tag>}
        </>
      }
      facts={[
        format && formatOf(format),
        minutes && say("podcasts.templates.minutes", { count: minutes }),
        speakers.length > 0 && speakers.map(({ name }) => name).join(", "),
      ]}
      actions={
        <>
          <Button
            {...small}
            variant="light"
            aria-label={say("podcasts.templates.useNamed", { title })}
            renderRoot={(props) => <Link to="/podcasts/new" search={{ template: id }} {...props} />}
          >
            {say("podcasts.templates.use")}
          </Button>
          {canEdit && (
            <Button
              {...small}
              aria-label={say("podcasts.templates.editNamed", { title })}
              onClick={() => setDialog("edit")}
            >
              {say("link.edit")}
            </Button>
          )}
          <Button
            {...small}
            aria-label={say("podcasts.templates.copyNamed", { title })}
            onClick={() => setDialog("copy")}
          >
            {say("podcasts.templates.copy")}
          </Button>
          {canEdit && !isShipped && (
            <Button
              {...small}
              aria-label={say("podcasts.templates.deleteNamed", { title })}
              onClick={() => setDialog("delete")}
            >
              {say("podcasts.delete")}
            </Button>
          )}
        </>
      }
    >
      {about && <p className={forms.note}>{about}</p>}
      {dialog === "edit" && <TemplateDialog template={template} onClose={close} />}
      {dialog === "copy" && <TemplateDialog template={template} asCopy onClose={close} />}
      {dialog === "delete" && (
        <ConfirmDialog
          title={say("podcasts.templates.deleteNamed", { title })}
          text={say("podcasts.templates.deleteText")}
          keep={say("form.keep")}
          go={say("podcasts.delete")}
          busy={remove.isPending}
          error={remove.error}
          onClose={close}
          onGo={() =>
            remove.mutate(id, { onSuccess: () => tell(say("podcasts.templates.deleted", { title })) })
          }
        />
      )}
    </Row>
  );
}
