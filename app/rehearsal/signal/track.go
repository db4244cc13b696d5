package signal

import (
	"strings"
	"sync"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// track is what a softphone is sent: PCMU, and Opus between. One of pion's own
// tracks sends one codec.
type track struct {
	mu     sync.Mutex
	ssrc   webrtc.SSRC
	opus   webrtc.PayloadType // 0 while it was not agreed on
	writer webrtc.TrackLocalWriter
}

func (*track) ID() string                { return "audio" }
func (*track) RID() string               { return "" }
func (*track) StreamID() string          { return "call" }
func (*track) Kind() webrtc.RTPCodecType { return webrtc.RTPCodecTypeAudio }

// Bind implements webrtc.TrackLocal.
func (t *track) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var pcmu *webrtc.RTPCodecParameters
	for _, codec := range c.CodecParameters() {
		switch {
		case strings.EqualFold(codec.MimeType, webrtc.MimeTypePCMU):
			pcmu = &codec
		case strings.EqualFold(codec.MimeType, webrtc.MimeTypeOpus):
			t.opus = codec.PayloadType
		}
	}
	if pcmu == nil {
		return webrtc.RTPCodecParameters{}, webrtc.ErrUnsupportedCodec
	}
	t.ssrc, t.writer = c.SSRC(), c.WriteStream()
	return *pcmu, nil
}

// Unbind implements webrtc.TrackLocal.
func (t *track) Unbind(webrtc.TrackLocalContext) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.writer = nil
	return nil
}

// write sends a packet of PCMU, or of Opus. One that cannot be sent is lost, as
// on any network.
func (t *track) write(h rtp.Header, opus bool, payload []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.writer == nil {
		return
	}
	h.SSRC = uint32(t.ssrc)
	if opus {
		h.PayloadType = uint8(t.opus)
	}
	_, _ = t.writer.WriteRTP(&h, payload)
}
