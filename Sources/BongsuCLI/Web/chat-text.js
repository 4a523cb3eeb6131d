/** The page's texts in English and Korean. "{x}" is filled in. */
const english = {
  tagline: "One fire is lit, and the far hills know.",
  nameLabel: "Your name",
  roomsTitle: "Rooms",
  newRoomLabel: "Open a room",
  newRoomPlaceholder: "new room",
  openRoom: "Open",
  leaveRoom: "Leave {room}",
  forcePolling: "Long polling only",
  forcePollingHint: "for networks that block WebSockets",
  peopleTitle: "Here now",
  you: "you",
  writePrivately: "Write to {name} privately",
  nobodyElse: "Nobody else is here yet. Send someone the link.",
  showRooms: "Rooms and settings",
  showPeople: "People",
  close: "Close",
  copyLink: "Copy the link to this room",
  linkCopied: "Link copied",
  messageLabel: "Message",
  messagePlaceholder: "Write to {room}",
  privatePlaceholder: "Only {name} will see this",
  send: "Send",
  privateTo: "Private, to {name}",
  privateFrom: "Private",
  privateBar: "Privately to {name}",
  endPrivate: "Back to the room",
  guest: "guest",
  guestHint: "over plain WebSocket",
  newest: "New messages",
  logLabel: "Messages",
  stateConnected: "Connected",
  stateConnecting: "Connecting …",
  stateDisconnected: "Offline, trying again",
  transportPolling: "long polling",
  transportWebsocket: "WebSocket",
  pending: "on its way",
  sent: "passed on",
  failed: "not delivered",
  again: "Send again",
  joined: "{name} came in",
  left: "{name} left",
  renamed: "{before} is now {name}",
  lost: "The connection is lost. Your messages wait here.",
  back: "Connected again.",
  privateGone: "{name} has left; that message was not sent.",
  refused: "The server refused room “{room}”: {error}",
  tooManyRooms: "That is as many rooms as this page opens.",
  empty: "Quiet so far. Light the first fire.",
  typing1: "{a} is typing …",
  typing2: "{a} and {b} are typing …",
  typingMany: "Several people are typing …",
  unread: "{count} unread",
};

const korean = {
  tagline: "불 하나 피우면 먼 산이 압니다.",
  nameLabel: "내 이름",
  roomsTitle: "방",
  newRoomLabel: "방 열기",
  newRoomPlaceholder: "새 방 이름",
  openRoom: "열기",
  leaveRoom: "{room} 나가기",
  forcePolling: "롱 폴링만 쓰기",
  forcePollingHint: "웹소켓이 막힌 네트워크에서",
  peopleTitle: "함께 있는 사람",
  you: "나",
  writePrivately: "{name}님에게 귓속말",
  nobodyElse: "아직 아무도 없어요. 링크를 보내 불러 보세요.",
  showRooms: "방과 설정",
  showPeople: "사람들",
  close: "닫기",
  copyLink: "이 방의 링크 복사",
  linkCopied: "링크를 복사했어요",
  messageLabel: "메시지",
  messagePlaceholder: "{room}에 쓰기",
  privatePlaceholder: "{name}님만 볼 수 있어요",
  send: "보내기",
  privateTo: "{name}님에게 귓속말",
  privateFrom: "귓속말",
  privateBar: "{name}님에게 귓속말",
  endPrivate: "방으로 돌아가기",
  guest: "손님",
  guestHint: "일반 웹소켓으로",
  newest: "새 메시지",
  logLabel: "메시지 목록",
  stateConnected: "연결됨",
  stateConnecting: "연결하는 중 …",
  stateDisconnected: "끊김, 다시 연결하는 중",
  transportPolling: "롱 폴링",
  transportWebsocket: "웹소켓",
  pending: "보내는 중",
  sent: "전달됨",
  failed: "전달되지 않음",
  again: "다시 보내기",
  joined: "{name}님이 들어왔어요",
  left: "{name}님이 나갔어요",
  renamed: "{before}님이 이름을 {name}(으)로 바꿨어요",
  lost: "연결이 끊겼어요. 쓴 글은 여기서 기다립니다.",
  back: "다시 연결되었어요.",
  privateGone: "{name}님이 나가서 귓속말을 보내지 않았어요.",
  refused: "서버가 ‘{room}’ 방을 거절했어요: {error}",
  tooManyRooms: "방을 더 열 수 없어요.",
  empty: "아직 조용하네요. 첫 불을 피워 보세요.",
  typing1: "{a}님이 쓰는 중 …",
  typing2: "{a}님과 {b}님이 쓰는 중 …",
  typingMany: "여러 사람이 쓰는 중 …",
  unread: "읽지 않음 {count}",
};

/** The rooms everyone is offered; their names are the same in all languages, their labels are not. */
export const defaultRooms = ["lobby", "tea-house", "night-watch"];
const koreanRooms = { lobby: "사랑방", "tea-house": "찻집", "night-watch": "밤샘" };
const englishRooms = { lobby: "Lobby", "tea-house": "Tea house", "night-watch": "Night watch" };

const koreanNames = [
  ["고요한", "반가운", "느긋한", "씩씩한", "다정한", "산뜻한", "포근한", "슬기로운"],
  ["까치", "고라니", "반달곰", "두루미", "다람쥐", "수달", "부엉이", "호랑이"],
];
const englishNames = [
  ["Quiet", "Cheerful", "Unhurried", "Brave", "Kindly", "Bright", "Cosy", "Clever"],
  ["Magpie", "Deer", "Bear", "Crane", "Squirrel", "Otter", "Owl", "Tiger"],
];

export const language = /^ko\b/i.test(navigator.language) ? "ko" : "en";
const texts = language === "ko" ? korean : english;
const roomLabels = language === "ko" ? koreanRooms : englishRooms;

export function text(key, values = {}) {
  return texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export function roomLabel(room) {
  return Object.hasOwn(roomLabels, room) ? roomLabels[room] : room;
}

export function randomName() {
  const pick = (list) => list[Math.floor(Math.random() * list.length)];
  return (language === "ko" ? koreanNames : englishNames).map(pick).join(" ");
}

/** Fills in the page: data-text is an element's text, data-label its name for assistive technology. */
export function translate(root) {
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = text(element.dataset.text);
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", text(element.dataset.label));
  }
  for (const element of root.querySelectorAll("[data-placeholder]")) {
    element.placeholder = text(element.dataset.placeholder);
  }
}
