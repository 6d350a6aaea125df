package stack

import (
	"strconv"
	"strings"

	"github.com/emiago/sipgo"
	sipmsg "github.com/emiago/sipgo/sip"

	"github.com/voxemu/voxemu/emulator/sip"
)

// server returns a server for what a PBX sends by itself.
func (a *agent) server() (*sipgo.Server, error) {
	server, err := sipgo.NewServer(a.ua)
	if err != nil {
		return nil, err
	}
	answer := func(status int, reason string) sipgo.RequestHandler {
		return a.handler(func(*sipmsg.Request, int64) (int, string) { return status, reason })
	}
	server.OnOptions(answer(200, "OK"))
	server.OnNotify(answer(481, "Subscription Does Not Exist"))
	server.OnBye(answer(481, "Call/Transaction Does Not Exist"))
	server.OnCancel(answer(481, "Call/Transaction Does Not Exist"))
	server.OnInvite(a.handler(a.refuseCall))
	server.OnAck(func(*sipmsg.Request, sipmsg.ServerTransaction) {})
	server.OnNoRoute(answer(405, "Method Not Allowed"))
	return server, nil
}

// handler answers a request. A panic in it would end the program: sipgo calls it in a
// goroutine of its own.
func (a *agent) handler(decide func(r *sipmsg.Request, registration int64) (status int, reason string)) sipgo.RequestHandler {
	return func(r *sipmsg.Request, tx sipmsg.ServerTransaction) {
		defer func() { _ = recover() }()
		id := registrationOf(r.Recipient.User)
		a.Message(sip.Message{RegistrationID: id, Transport: r.Transport(), Peer: r.Source(), Text: masked(r.String())})
		status, reason := decide(r, id)
		response := answerTo(r, status, reason)
		// Before it is sent: who has the answer looks for it.
		a.Message(sip.Message{RegistrationID: id, Sent: true, Transport: r.Transport(), Peer: r.Source(), Text: masked(response.String())})
		if err := tx.Respond(response); err != nil {
			return // the sender asks again
		}
		if r.IsInvite() {
			select { // the ACK, or the end of the transaction
			case <-tx.Acks():
			case <-tx.Done():
			}
		}
	}
}

// answerTo returns a response. sipgo would repeat whatever version the request has.
func answerTo(r *sipmsg.Request, status int, reason string) *sipmsg.Response {
	response := sipmsg.NewResponseFromRequest(r, status, reason, nil)
	response.SipVersion = "SIP/2.0"
	if status == 405 || r.Method == sipmsg.OPTIONS {
		response.AppendHeader(sipmsg.NewHeader("Allow", "INVITE, ACK, CANCEL, OPTIONS"))
	}
	return response
}

func (a *agent) refuseCall(r *sipmsg.Request, id int64) (int, string) {
	call := sip.Call{RegistrationID: id}
	if from := r.From(); from != nil {
		call.From = masked(from.Address.String())
	}
	if to := r.To(); to != nil {
		call.To = masked(to.Address.String())
	}
	switch status := a.Call(call); status {
	case 404:
		return 404, "Not Found"
	case 486:
		return 486, "Busy Here"
	case 603:
		return 603, "Decline"
	}
	return 480, "Temporarily Unavailable"
}

// registrationOf returns the registration of a Contact's user; 0: it is not one of ours.
func registrationOf(user string) int64 {
	text, ok := strings.CutPrefix(user, contactPrefix)
	id, err := strconv.ParseInt(text, 10, 64)
	if !ok || err != nil || id < 1 {
		return 0
	}
	return id
}
