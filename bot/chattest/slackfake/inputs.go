package slackfake

// inputsOf are what a person can fill in among blocks: elements of input blocks, and lists and pickers elsewhere.
func inputsOf(blocks []block) (all []Input) {
	for _, b := range blocks {
		for _, e := range elements(b) {
			kind := str(e["type"])
			if kind == "button" || kind == "overflow" {
				continue
			}
			in := Input{Block: str(b["block_id"]), Action: str(e["action_id"]), Label: textOf(b["label"]), Kind: kind}
			in.Optional, _ = b["optional"].(bool)
			if b["type"] != "input" {
				in.Label, in.Optional = textOf(b["text"]), true
			}
			for _, c := range choices(e) {
				in.Options = append(in.Options, c.label)
			}
			in.Value = startValue(e)
			all = append(all, in)
		}
	}
	return all
}

// startValue is what an element has before somebody touches it.
func startValue(e block) string {
	if o, ok := e["initial_option"]; ok {
		return choiceOf(o).value
	}
	for _, k := range []string{"initial_value", "initial_user", "initial_date", "initial_conversation"} {
		if s := str(e[k]); s != "" {
			return s
		}
	}
	return ""
}

// state are the values of a view as a submission carries them: those typed, or those it started with.
func (v *View) state() map[string]map[string]any { return stateOf(v.blocks, v.typed) }

func stateOf(blocks []block, typed map[string]map[string]any) map[string]map[string]any {
	all := map[string]map[string]any{}
	for _, b := range blocks {
		for _, e := range elements(b) {
			kind, id, action := str(e["type"]), str(b["block_id"]), str(e["action_id"])
			if kind == "button" || kind == "overflow" {
				continue
			}
			value, ok := typed[id][action]
			if !ok {
				value = untouched(e)
			}
			if all[id] == nil {
				all[id] = map[string]any{}
			}
			all[id][action] = value
		}
	}
	return all
}

// untouched is the value of an element that nobody touched.
func untouched(e block) block {
	out := block{"type": e["type"]}
	switch e["type"] {
	case "plain_text_input":
		out["value"] = nil
		if s := str(e["initial_value"]); s != "" {
			out["value"] = s
		}
	case "static_select", "radio_buttons":
		out["selected_option"] = e["initial_option"]
	case "multi_static_select", "checkboxes":
		out["selected_options"] = listOr(e["initial_options"])
	case "users_select":
		out["selected_user"] = e["initial_user"]
	case "multi_users_select":
		out["selected_users"] = listOr(e["initial_users"])
	case "conversations_select":
		out["selected_conversation"] = e["initial_conversation"]
	case "datepicker":
		out["selected_date"] = e["initial_date"]
	}
	return out
}

func listOr(v any) any {
	if v == nil {
		return []any{}
	}
	return v
}
