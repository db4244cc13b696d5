package app

import (
	"cmp"
	"context"
	"fmt"
	"strings"
)

// ask is what a person says, or the command line; never nothing.
func (z *wizard) ask(ctx context.Context, name, question string) (string, error) {
	for {
		said, err := z.may(ctx, name, question)
		if err != nil || said != "" {
			return said, err
		}
		if z.yes {
			option := map[string]string{"token": "token-file", "pin": "pin-file"}[name]
			return "", left(fmt.Sprintf("This is missing: --%s. Or leave out --yes to be asked.", cmp.Or(option, name)))
		}
	}
}

// may is what a person says, or the command line; it may be nothing.
func (z *wizard) may(ctx context.Context, name, question string) (string, error) {
	said := z.given[name]
	delete(z.given, name)
	if said != "" || z.yes {
		return said, nil
	}
	fmt.Fprint(z.out, question)
	return z.line(ctx)
}

// secret is ask for what is not shown while it is typed.
func (z *wizard) secret(ctx context.Context, name, question string) (string, error) {
	defer z.hide()()
	return z.ask(ctx, name, question)
}

// secretMay is may for what is not shown while it is typed.
func (z *wizard) secretMay(ctx context.Context, name, question string) (string, error) {
	defer z.hide()()
	return z.may(ctx, name, question)
}

// agrees reports whether a person says yes, or has said so with --yes.
func (z *wizard) agrees(ctx context.Context, question string) bool {
	return z.yes || z.says(ctx, question)
}

// says reports whether a person says yes.
func (z *wizard) says(ctx context.Context, question string) bool {
	fmt.Fprint(z.out, question)
	line, err := z.line(ctx)
	answer := strings.ToLower(line)
	return err == nil && (answer == "yes" || answer == "y")
}

// line is what a person types. Whoever ends the set-up is not waited for.
func (z *wizard) line(ctx context.Context) (string, error) {
	type typed struct {
		line string
		err  error
	}
	read := make(chan typed, 1)
	go func() {
		line, err := z.in.ReadString('\n')
		read <- typed{line, err}
	}()
	select {
	case t := <-read:
		if t.err == nil || t.line != "" {
			return strings.TrimSpace(t.line), nil
		}
	case <-ctx.Done():
	}
	return "", left("\nThe set-up was left. callin setup goes on from here.")
}
