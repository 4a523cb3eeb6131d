// Go's gorilla/websocket: /echo and /broadcast.
//
//	gorilla PORT [CERTIFICATE KEY]
package main

import (
	"log"
	"net/http"
	"os"
	"sync"

	"github.com/gorilla/websocket"
)

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// A client of /broadcast: only one goroutine may write to a connection at a time.
type member struct {
	sync.Mutex
	connection *websocket.Conn
}

var (
	members = map[*member]bool{}
	guard   sync.RWMutex
)

func echo(response http.ResponseWriter, request *http.Request) {
	connection, err := upgrader.Upgrade(response, request, nil)
	if err != nil {
		return
	}
	defer connection.Close()
	for {
		kind, message, err := connection.ReadMessage()
		if err != nil || connection.WriteMessage(kind, message) != nil {
			return
		}
	}
}

func broadcast(response http.ResponseWriter, request *http.Request) {
	connection, err := upgrader.Upgrade(response, request, nil)
	if err != nil {
		return
	}
	self := &member{connection: connection}
	guard.Lock()
	members[self] = true
	guard.Unlock()
	defer func() {
		guard.Lock()
		delete(members, self)
		guard.Unlock()
		connection.Close()
	}()
	for {
		kind, message, err := connection.ReadMessage()
		if err != nil {
			return
		}
		prepared, _ := websocket.NewPreparedMessage(kind, message)
		guard.RLock()
		for other := range members {
			other.Lock()
			_ = other.connection.WritePreparedMessage(prepared)
			other.Unlock()
		}
		guard.RUnlock()
	}
}

func main() {
	http.HandleFunc("/echo", echo)
	http.HandleFunc("/broadcast", broadcast)
	address := "127.0.0.1:" + os.Args[1]
	if len(os.Args) == 4 {
		log.Fatal(http.ListenAndServeTLS(address, os.Args[2], os.Args[3], nil))
	}
	log.Fatal(http.ListenAndServe(address, nil))
}
