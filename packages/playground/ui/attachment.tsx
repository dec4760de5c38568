import type { Message } from "@balekit/api";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { fileAddress } from "./control.js";
import { Icon } from "./icons.jsx";
import { nameOf, usePage } from "./page-context.js";
import { fileSize } from "./words.js";

/** What a message carries beside its text, or nothing. */
export function Attachment({ message }: { readonly message: Message }): JSX.Element | null {
  const { words } = usePage();
  const photo = message.photo?.at(-1);
  if (photo !== undefined)
    return <Picture fileId={photo.file_id} width={photo.width} height={photo.height} />;
  if (message.animation !== undefined) return <Moving fileId={message.animation.file_id} loop />;
  if (message.sticker !== undefined) return <Picture fileId={message.sticker.file_id} sticker />;
  if (message.video !== undefined) return <Moving fileId={message.video.file_id} />;
  const sound = message.voice ?? message.audio;
  if (sound !== undefined) {
    return (
      <figure class="sound">
        <figcaption dir="auto">
          {message.audio?.title ?? (message.voice ? words.voice : words.audio)}
        </figcaption>
        {/* biome-ignore lint/a11y/useMediaCaption: a bot's sound has no captions to show. */}
        <audio controls preload="none" src={fileAddress(sound.file_id)} />
      </figure>
    );
  }
  if (message.document !== undefined) return <Document document={message.document} />;
  if (message.location !== undefined) return <Place location={message.location} />;
  if (message.contact !== undefined) {
    const { contact } = message;
    return (
      <div class="card contact">
        <span class="card-icon">
          <Icon name="contact" />
        </span>
        <span class="card-body">
          <b dir="auto">
            {nameOf({ first_name: contact.first_name ?? words.contact, last_name: contact.last_name })}
          </b>
          <bdi dir="ltr">{contact.phone_number}</bdi>
        </span>
      </div>
    );
  }
  return null;
}

function Picture(props: {
  readonly fileId: string;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly sticker?: boolean;
}): JSX.Element {
  const { words } = usePage();
  const [broken, setBroken] = useState(false);
  if (broken) {
    return (
      <div class="card">
        <span class="card-icon">
          <Icon name="photo" />
        </span>
        <span class="card-body">{props.sticker ? words.sticker : words.photo}</span>
      </div>
    );
  }
  const address = fileAddress(props.fileId);
  return (
    <a class={props.sticker ? "picture sticker" : "picture"} href={address} target="_blank" rel="noopener">
      <img
        src={address}
        alt={props.sticker ? words.sticker : words.photo}
        width={props.width}
        height={props.height}
        onError={() => setBroken(true)}
      />
    </a>
  );
}

function Moving({ fileId, loop = false }: { readonly fileId: string; readonly loop?: boolean }): JSX.Element {
  return (
    <video
      class="moving"
      controls={!loop}
      autoplay={loop}
      loop={loop}
      muted={loop}
      preload="metadata"
      src={fileAddress(fileId)}
    />
  );
}

function Document({ document }: { readonly document: NonNullable<Message["document"]> }): JSX.Element {
  const { words, language } = usePage();
  const name = document.file_name ?? words.file;
  return (
    <a class="card document" href={fileAddress(document.file_id)} download={name}>
      <span class="card-icon">
        <Icon name="file" />
      </span>
      <span class="card-body">
        <b dir="auto">{name}</b>
        <small>
          {document.file_size === undefined ? words.download : fileSize(document.file_size, language)}
        </small>
      </span>
      <Icon name="download" />
    </a>
  );
}

function Place({ location }: { readonly location: NonNullable<Message["location"]> }): JSX.Element {
  const { words } = usePage();
  const { latitude, longitude } = location;
  return (
    <div class="place">
      <div class="map" aria-hidden="true">
        <Icon name="location" />
      </div>
      <span>{words.location}</span>
      <bdi dir="ltr">
        {latitude.toFixed(5)}, {longitude.toFixed(5)}
      </bdi>
    </div>
  );
}
