// "(2) Oak desk": the count of unread messages in the title of a page in the background, once, without blinking; gone when it is looked at.
let added = '';

export function markTitle(unread: number): void {
  const bare = document.title.startsWith(added) ? document.title.slice(added.length) : document.title;
  added = unread && document.hidden ? `(${unread}) ` : '';
  if (document.title !== added + bare) document.title = added + bare;
}
