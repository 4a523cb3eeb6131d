import Bongsu

/// The chat page and the browser client, embedded in the binary.
enum WebFiles {
  static let index = StaticFile(name: "chat.html", contents: PackageResources.chat_html)

  static let all = [
    index,
    StaticFile(name: "bongsu-connection.js", contents: PackageResources.bongsu_connection_js),
    StaticFile(name: "bongsu-emitter.js", contents: PackageResources.bongsu_emitter_js),
    StaticFile(name: "bongsu-engine.js", contents: PackageResources.bongsu_engine_js),
    StaticFile(name: "bongsu-packet.js", contents: PackageResources.bongsu_packet_js),
    StaticFile(name: "bongsu-payload.js", contents: PackageResources.bongsu_payload_js),
    StaticFile(name: "bongsu-polling.js", contents: PackageResources.bongsu_polling_js),
    StaticFile(name: "bongsu-socket.js", contents: PackageResources.bongsu_socket_js),
    StaticFile(name: "bongsu-websocket.js", contents: PackageResources.bongsu_websocket_js),
    StaticFile(name: "bongsu.js", contents: PackageResources.bongsu_js),
    StaticFile(name: "chat-composer.js", contents: PackageResources.chat_composer_js),
    StaticFile(name: "chat-drawers.js", contents: PackageResources.chat_drawers_js),
    StaticFile(name: "chat-limits.js", contents: PackageResources.chat_limits_js),
    StaticFile(name: "chat-log.css", contents: PackageResources.chat_log_css),
    StaticFile(name: "chat-log.js", contents: PackageResources.chat_log_js),
    StaticFile(name: "chat-model.js", contents: PackageResources.chat_model_js),
    StaticFile(name: "chat-panels.js", contents: PackageResources.chat_panels_js),
    StaticFile(name: "chat-relay.js", contents: PackageResources.chat_relay_js),
    StaticFile(name: "chat-room.js", contents: PackageResources.chat_room_js),
    StaticFile(name: "chat-scene.css", contents: PackageResources.chat_scene_css),
    StaticFile(name: "chat-settings.js", contents: PackageResources.chat_settings_js),
    StaticFile(name: "chat-text.js", contents: PackageResources.chat_text_js),
    StaticFile(name: "chat.css", contents: PackageResources.chat_css),
    StaticFile(name: "chat.js", contents: PackageResources.chat_js),
  ]
}
