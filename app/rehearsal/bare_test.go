//go:build load

package rehearsal

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"callin/app/rehearsal/media"
)

// bareServer answers every call of the Voice SDK at once with a tone, by the same
// libraries as a rehearsal and with nothing else: no tokens are judged, no
// application is asked, nothing is mixed. It is what a rehearsal's speed is held
// against.
type bareServer struct{ t *testing.T }

type bareFrame struct {
	Type    string         `json:"type"`
	Version string         `json:"version"`
	Payload map[string]any `json:"payload"`
}

func (b *bareServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	socket, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	defer socket.CloseNow()
	send := func(kind string, payload map[string]any) {
		text, err := json.Marshal(bareFrame{kind, "1.6", payload})
		if err == nil {
			err = socket.Write(r.Context(), websocket.MessageText, text)
		}
		if err != nil {
			b.t.Log("the bare server: ", err)
		}
	}
	var call *webrtc.PeerConnection
	for {
		_, text, err := socket.Read(r.Context())
		if err != nil {
			return
		}
		var f bareFrame
		if json.Unmarshal(text, &f) != nil {
			continue // a heartbeat
		}
		switch f.Type {
		case "listen":
			send("connected", map[string]any{"edge": "ashburn", "region": "us1", "home": "us1", "token": map[string]any{"identity": "connects", "ttl": 3600}})
		case "invite":
			sdp, pc, err := bareAnswer(f.Payload["sdp"].(string))
			if err != nil {
				b.t.Error(err)
				return
			}
			call = pc
			send("answer", map[string]any{"callsid": f.Payload["callsid"], "reconnect": "RT", "sdp": sdp})
		case "hangup":
			go call.Close() // it can take its time
		}
	}
}

// bareAnswer answers an offer, and speaks as soon as it can be heard.
func bareAnswer(offer string) (string, *webrtc.PeerConnection, error) {
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return "", nil, err
	}
	track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMU, ClockRate: media.Rate}, "audio", "call")
	if err != nil {
		return "", nil, err
	}
	if _, err := pc.AddTrack(track); err != nil {
		return "", nil, err
	}
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", nil, err
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		return "", nil, err
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(answer); err != nil {
		return "", nil, err
	}
	<-gathered
	go func() {
		tone := media.NewTone(800, -12)
		tick := time.NewTicker(media.FrameTime)
		defer tick.Stop()
		for n := uint32(1); pc.ConnectionState() != webrtc.PeerConnectionStateClosed; n++ {
			<-tick.C
			var f media.Frame
			tone.Pull(&f)
			payload := make([]byte, len(f))
			for i, s := range f {
				payload[i] = media.EncodePCMU(s)
			}
			// What is sent before the way is open is lost.
			_ = track.WriteRTP(&rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(n), Timestamp: n * media.FrameSamples}, Payload: payload})
		}
	}()
	return pc.LocalDescription().SDP, pc, nil
}

// bareCallers ask an address as so many waiting callers do, all at once and again
// each waitLoop, over as many connections as a rehearsal has and with nothing else:
// nothing is signed, read or remembered. It is what the wait requests of a rehearsal
// are held against.
func bareCallers(t *testing.T, address string, n int) {
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 256, MaxIdleConnsPerHost: 256}}
	var running sync.WaitGroup
	t.Cleanup(running.Wait)
	for i := range n {
		form := url.Values{"CallSid": {strconv.Itoa(i)}}
		for k := range 25 {
			form.Set("Parameter"+strconv.Itoa(k), "as long as most are")
		}
		running.Go(func() {
			for t.Context().Err() == nil {
				answer, err := client.PostForm(address, form)
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
				select {
				case <-time.After(waitLoop):
				case <-t.Context().Done():
				}
			}
		})
	}
}
