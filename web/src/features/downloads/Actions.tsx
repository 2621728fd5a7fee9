import { Button } from "@mantine/core";
import { isRunning, useCancel, useRetry, type Download } from "@/api/downloads";
import { IconRetry, IconStop, IconX } from "@/components/icons";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { titleOf } from "./words";

/** The one thing to do with a download in its state: cancel what runs, retry what did not work. */
export function Actions({ download }: { download: Download }) {
  const { say } = useI18n();
  const { complain } = useToasts();
  const cancel = useCancel();
  const retry = useRetry();
  const title = titleOf(download);

  if (isRunning(download)) {
    // Ended by a person, a recording stays, as far as it goes.
    const records = download.stage === "recording";
    return (
      <Button
        size="xs"
        variant="default"
        leftSection={records ? <IconStop size={16} aria-hidden /> : <IconX size={16} aria-hidden />}
        aria-label={say(records ? "download.endNamed" : "download.cancelNamed", { title })}
        loading={cancel.isPending}
        onClick={() => cancel.mutate(download.id, { onError: complain })}
      >
        {say(records ? "download.end" : "download.cancel")}
      </Button>
    );
  }
  if (download.status !== "failed" && download.status !== "cancelled") return null;
  return (
    <Button
      size="xs"
      variant={download.status === "failed" ? "light" : "default"}
      leftSection={<IconRetry size={16} aria-hidden />}
      aria-label={say("download.retryNamed", { title })}
      loading={retry.isPending}
      onClick={() => retry.mutate(download.id, { onError: complain })}
    >
      {say("download.retry")}
    </Button>
  );
}
